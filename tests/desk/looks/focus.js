// Every thing that can have the focus shows that it has it. The keyboard was used before.
() => {
  const unseen = [];
  const found = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
  for (const one of found) {
    if (one.type === "hidden" || one.disabled || !one.checkVisibility() || one.tabIndex < 0) continue;
    one.focus({ preventScroll: true });
    if (document.activeElement !== one) continue;
    const style = getComputedStyle(one);
    const hasOutline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!hasOutline) unseen.push(`${one.tagName.toLowerCase()}.${one.className} ${one.id}`);
  }
  if (document.activeElement) document.activeElement.blur();
  return { unseen: unseen.slice(0, 8), positive: document.querySelectorAll("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").length };
}
