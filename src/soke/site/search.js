(function(){"use strict";
var q=document.getElementById("q"),list=document.getElementById("found"),who=document.getElementById("who"),said=who.textContent,map=document.getElementById("map");
function name(a){var t=a.querySelector("title");return(t||a).textContent}
function plain(s){return s.toLowerCase().normalize("NFD").replace(/&/g,"and").replace(/[^a-z ]/g,"")}
var all=[].map.call(document.querySelectorAll("#names a,#map a"),function(a){return{name:name(a),key:" "+plain(name(a)),to:a.getAttribute("href")}});
q.addEventListener("input",function(){
list.textContent="";
var typed=plain(q.value).trim();if(!typed)return;
var hits=all.filter(function(p){return p.key.indexOf(" "+typed)>=0}).slice(0,7);
hits.forEach(function(p){var a=document.createElement("a"),li=document.createElement("li");a.href=p.to;a.textContent=p.name;li.appendChild(a);list.appendChild(li)});
if(!hits.length){var li=document.createElement("li"),a=document.createElement("a");a.href="places/index.html";a.textContent="all places from A to Z";li.append("No place of that name. Look at ",a,".");list.appendChild(li)}
});
q.addEventListener("keydown",function(e){var a=list.querySelector("a");if(e.key==="Enter"&&a){location.href=a.href}});
function show(e){var a=e.target.closest&&e.target.closest("a");who.textContent=a?name(a):said}
map.addEventListener("mouseover",show);map.addEventListener("focusin",show);
})();
