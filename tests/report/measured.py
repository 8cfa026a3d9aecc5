"""What a browser says of the boxes of a page: nothing leaves the page, no words lie on others, nothing is cut off."""

from __future__ import annotations

from playwright.sync_api import Page

OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
_MEASURE = """() => {
  const wide = document.documentElement.clientWidth, wrong = new Set();
  const note = (what, e) => wrong.add(`${what}: ${said(e)}`);
  const said = e => e.textContent.replace(/\\s+/g, ' ').trim().slice(0, 60);
  const words = e => [...e.childNodes].filter(n => n.nodeType === 3 && n.textContent.trim());
  const seen = e => {
    const style = getComputedStyle(e), r = e.getBoundingClientRect();
    return style.visibility !== 'hidden' && r.width > 1 && r.height > 1 && !e.closest('.hidden, thead, .skip');
  };
  const lines = e => words(e).flatMap(n => {
    const range = document.createRange();
    range.selectNodeContents(n);
    return [...range.getClientRects()];
  });
  const tight = (e, r) => {  // of letters on a drawing, without what their line keeps free
    const free = e.closest('svg') ? r.height * .2 : 0;
    return {left: r.left, right: r.right, top: r.top + free, bottom: r.bottom - free};
  };
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  for (const e of document.querySelectorAll('body *')) {
    if (!words(e).length || !seen(e)) continue;
    const scrolls = e.closest('.scroll') && (wide > 640 || !e.closest('.stack'));
    if (!scrolls && lines(e).some(r => r.left < -1 || r.right > wide + 1)) note('off the page', e);
    const box = e.closest('svg') ? null : e.closest('td, th, .number, .panel');
    if (!box) continue;
    const b = box.getBoundingClientRect();
    if (lines(e).some(r => r.right > b.right + 2 || r.left < b.left - 2)) note('out of its box', e);
  }
  for (const chart of document.querySelectorAll('.plots, .bars, .loop, svg.chart, .legend')) {
    const texts = [...chart.querySelectorAll('*')].filter(e => words(e).length && seen(e));
    const boxes = texts.map(e => [e, lines(e).map(r => tight(e, r))]);
    boxes.forEach(([e, rects], i) => boxes.slice(i + 1).forEach(([other, others]) => {
      if (!e.contains(other) && rects.some(a => others.some(b => over(a, b)))) note(`on ${said(other)}`, e);
    }));
    if (chart.matches('svg.chart')) continue;
    for (const mark of chart.querySelectorAll('svg rect, svg line, svg path')) {
      const r = mark.getBoundingClientRect();
      const right = Math.max(r.right, r.left + 2), bottom = Math.max(r.bottom, r.top + 2);
      const drawn = {left: r.left, right, top: r.top, bottom};
      for (const [e, rects] of boxes) if (rects.some(a => over(a, drawn))) note('struck through', e);
    }
  }
  for (const e of document.querySelectorAll('svg.chart text'))
    if (wide < 641 && seen(e) && parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a < 8.5)
      note('too small', e);
  return [...wrong];
}"""


def wrong_on(page: Page) -> list[str]:
    """What is wrong with the boxes of a page that is open, every part of it unfolded, as sentences."""
    page.evaluate(OPEN_ALL)
    return list(page.evaluate(_MEASURE))
