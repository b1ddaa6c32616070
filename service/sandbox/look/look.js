// Keeps the page up with the tenant: asks for one number, and when that has changed takes the
// page anew and changes only what differs, so that focus, scroll and what is unfolded stay.
"use strict";

(() => {
  const PAUSE = 1000;
  let change = document.body.dataset.change;
  if (change === undefined) return;

  const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.dataset.key || node.id : "");

  function renew(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (!isAlike(old, fresh)) {
      old.replaceWith(document.importNode(fresh, true));
    } else if (old.nodeType !== Node.ELEMENT_NODE) {
      old.nodeValue = fresh.nodeValue;
    } else if (!isTheReaders(old)) {
      renewAttributes(old, fresh);
      renewChildren(old, fresh);
    }
  }

  function isAlike(old, fresh) {
    return (
      old.nodeName === fresh.nodeName &&
      keyOf(old) === keyOf(fresh) &&
      old.dataset?.card === fresh.dataset?.card
    );
  }

  // A form that is being filled in, a card as it was unfolded, a film that is playing.
  function isTheReaders(element) {
    return (
      "touched" in element.dataset || "card" in element.dataset || element.nodeName === "VIDEO"
    );
  }

  function renewAttributes(old, fresh) {
    for (const { name } of [...old.attributes]) {
      if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  }

  function renewChildren(old, fresh) {
    const kept = new Map([...old.childNodes].map((node) => [keyOf(node), node]));
    const wanted = new Set([...fresh.childNodes].map(keyOf));
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      const key = keyOf(next);
      while (at && keyOf(at) && !wanted.has(keyOf(at))) at = dropped(at);
      const match = key ? kept.get(key) : at && !keyOf(at) ? at : null;
      if (!match) {
        old.insertBefore(document.importNode(next, true), at);
        continue;
      }
      if (match === at) at = at.nextSibling;
      else old.insertBefore(match, at);
      renew(match, next);
    }
    while (at) at = dropped(at);
  }

  function dropped(node) {
    const next = node.nextSibling;
    node.remove();
    return next;
  }

  async function renewPage() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    renew(document.body, fresh.body);
    document.title = fresh.title;
    change = document.body.dataset.change;
    document.dispatchEvent(new Event("renewed"));
  }

  async function watch() {
    if (!document.hidden) {
      try {
        const answer = await fetch("/_sandbox/change");
        const now = (await answer.text()).trim();
        document.documentElement.classList.remove("alone");
        if (answer.ok && now !== change) await renewPage();
      } catch {
        // The sandbox was ended, or is not up again yet: said in the footer by the style sheet.
        document.documentElement.classList.add("alone");
      }
    }
    setTimeout(watch, PAUSE);
  }

  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form");
    if (form) form.dataset.touched = "";
  });
  // Back from another page a browser may show this one as it was left.
  addEventListener("pageshow", (event) => event.persisted && renewPage());
  setTimeout(watch, PAUSE);
})();
