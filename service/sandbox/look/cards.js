// Draws the page's cards with Microsoft's renderer (`make cards`). Where it was not built this
// script is not sent, and without script at all the server's own drawing stands.
"use strict";

(() => {
  const { AdaptiveCards, markdownit } = globalThis;
  if (!AdaptiveCards || !markdownit) return;

  // As Teams: no HTML in text, no images by Markdown, links to https and to this page only.
  const markdown = markdownit({ html: false, linkify: false, breaks: true }).disable("image");
  markdown.validateLink = isOurs;
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown.render(text);
    result.didProcess = true;
  };

  function isOurs(address) {
    return /^(https:\/\/|\/(?!\/))/i.test(address);
  }

  function color(name) {
    const pair = { default: `var(--${name})`, subtle: `var(--${name})` };
    return { ...pair, highlightColors: pair };
  }

  // Sizes, weights and distances of Teams' cards; colours are the page's, so that they follow
  // its light and dark scheme.
  function looks(level) {
    const foregroundColors = {
      default: { default: "var(--text)", subtle: "var(--soft)" },
      dark: { default: "var(--text)", subtle: "var(--soft)" },
      light: { default: "var(--soft)", subtle: "var(--soft)" },
      accent: color("accent"),
      good: color("good"),
      warning: color("warm"),
      attention: color("bad"),
    };
    const container = { backgroundColor: "transparent", foregroundColors };
    const filled = { backgroundColor: "var(--mark)", foregroundColors };
    return new AdaptiveCards.HostConfig({
      supportsInteractivity: true,
      fontFamily: "inherit",
      fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
      fontWeights: { lighter: 300, default: 400, bolder: 600 },
      lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
      spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
      separator: { lineThickness: 1, lineColor: "var(--line)" },
      imageSizes: { small: 32, medium: 52, large: 100 },
      textBlock: { headingLevel: level },
      factSet: { spacing: 16, title: { weight: "bolder" }, value: {} },
      containerStyles: {
        default: container,
        emphasis: filled,
        accent: filled,
        good: filled,
        warning: filled,
        attention: filled,
      },
      actions: {
        maxActions: 6,
        spacing: "medium",
        buttonSpacing: 8,
        actionsOrientation: "horizontal",
        actionAlignment: "left",
        showCard: { actionMode: "inline", inlineTopMargin: 16 },
      },
    });
  }

  function follow(action) {
    if (!(action instanceof AdaptiveCards.OpenUrlAction) || !isOurs(action.url ?? "")) return;
    if (action.url.startsWith("/")) location.assign(action.url);
    else open(action.url, "_blank", "noopener,noreferrer");
  }

  function drawn(slot) {
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = looks(Number(slot.dataset.level));
    card.onExecuteAction = follow;
    card.parse(JSON.parse(slot.dataset.card));
    const element = card.render();
    for (const link of element?.querySelectorAll("a[href]") ?? []) {
      if (link.getAttribute("href").startsWith("/")) link.removeAttribute("target");
      else link.rel = "noopener noreferrer";
    }
    // A whole card is no stop on the way through the page; its buttons and links are.
    element?.removeAttribute("tabindex");
    return element;
  }

  function drawAll() {
    for (const slot of document.querySelectorAll("[data-card]:not(.drawn)")) {
      try {
        const element = drawn(slot);
        if (element) slot.replaceChildren(element);
      } catch (error) {
        // What the renderer cannot read keeps the server's drawing; the console says why.
        console.warn("A card could not be drawn:", error);
      }
      slot.classList.add("drawn");
    }
  }

  document.addEventListener("renewed", drawAll);
  drawAll();
})();
