(function(){"use strict";
function at(id){return document.getElementById(id)}
var place=at("place"),line=at("line"),sums=at("sums");
function show(){var p=place.selectedOptions[0],l=line.selectedOptions[0];
at("command").textContent='soke place "'+(p.dataset.asked||p.textContent)+'" --explain "'+l.textContent+'"';
sums.textContent=p.textContent+", "+l.textContent;sums.href="../places/"+p.value+"-sums.html#"+l.value}
at("make").hidden=false;at("by-hand").hidden=true;
place.addEventListener("change",show);line.addEventListener("change",show);show();
})();
