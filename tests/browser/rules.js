// What of WCAG a few lines can see on a page as it stands: returns what is wrong, in words.
() => {
  const faults = [];
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);

  let last = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6, [role=heading]")) {
    const level = Number(heading.ariaLevel ?? heading.nodeName[1]);
    if (level > last + 1) faults.push(`h${level} after h${last}: ${heading.textContent}`);
    last = level;
  }
  if (all("h1").length !== 1) faults.push("not one h1");

  for (const control of all("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    const labels = [...(control.labels ?? [])].map((label) => label.textContent).join("");
    const described = control.getAttribute("aria-labelledby");
    const name =
      control.ariaLabel || labels || document.getElementById(described)?.textContent ||
      control.textContent || control.title;
    const needsLabel = ["INPUT", "SELECT", "TEXTAREA"].includes(control.nodeName);
    if (!(needsLabel ? control.ariaLabel || labels : name).trim()) {
      faults.push(`no name: ${control.nodeName.toLowerCase()} ${control.outerHTML.slice(0, 80)}`);
    }
  }
  for (const image of all("img:not([alt])")) faults.push(`no alt: ${image.outerHTML}`);

  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) {
    faults.push(`twice: ${id}`);
  }

  const rgb = (text) => (text.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const light = (color) => {
    const [r, g, b] = color
      .slice(0, 3)
      .map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if ((color[3] ?? 1) > 0.99) return color;
    }
    return [255, 255, 255];
  };
  for (const one of all("body *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || one.closest("video, svg, script")) continue;
    const [a, b] = [light(rgb(getComputedStyle(one).color)), light(behind(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(2)}: ${one.textContent.trim().slice(0, 40)}`);
  }
  return [...new Set(faults)];
}
