// Streamlit's own buttons and hints in Dutch. It has no setting for this; the words are matched whole, never in part.
(() => {
  // The server's address, so that Streamlit does not first look for itself under the address of a page (two 404s).
  window.__streamlit = { BACKEND_BASE_URL: new URL("..", document.currentScript.src).href };
  const words = {
    "Main menu": "Menu",
    "Rerun": "Opnieuw laden",
    "Clear cache": "Geheugen legen",
    "Print": "Afdrukken",
    "Settings": "Instellingen",
    "Record screen": "Scherm opnemen",
    "Record a screencast": "Scherm opnemen",
    "About": "Over",
    "Skip to main content": "Ga naar de inhoud",
    "Choose an option": "Kies",
    "Choose options": "Kies",
    "No results": "Niets gevonden",
    "No options to select": "Niets te kiezen",
    "Select all": "Alles kiezen",
    "Clear all": "Alles wissen",
    "Clear value": "Wissen",
    "Clear": "Wissen",
    "Remove": "Weghalen",
    "Open": "Openen",
    "Selected values": "Gekozen",
    "App pages": "Pagina's",
    "Notifications": "Meldingen",
    "Sidebar": "Menu",
    "Expand sidebar": "Menu openen",
    "Collapse sidebar": "Menu sluiten",
    "Navigate to home page": "Naar het overzicht",
    "Clear caches": "Geheugen legen",
    "Start recording!": "Opname starten",
    "Also record audio": "Ook geluid opnemen",
    "Stop recording": "Opname stoppen",
    "Preview your video below:": "Uw opname:",
    "Save video to disk": "Opname bewaren",
    "Try again": "Opnieuw proberen",
    "Connection timed out.": "De verbinding duurde te lang.",
    "Streamlit server is not responding. Are you connected to the internet?": "De server antwoordt niet. Is er verbinding?",
    "Unknown error": "Onbekende fout",
    "Unknown Error": "Onbekende fout",
    "Script execution error": "Fout op deze pagina",
    "Light": "Licht",
    "Dark": "Donker",
    "System": "Systeem",
    "Next": "Volgende",
    "Fullscreen": "Volledig scherm",
    "Close fullscreen": "Volledig scherm sluiten",
    "Exit fullscreen": "Volledig scherm sluiten",
    "View fullscreen": "Volledig scherm",
    "Show data": "Gegevens tonen",
    "Close": "Sluiten",
    "Cancel": "Annuleren",
    "Running...": "Bezig…",
    "RUNNING...": "Bezig…",
    "Running": "Bezig",
    "Stop": "Stop",
    "Connecting": "Verbinden",
    "CONNECTING": "Verbinden",
    "Connection error": "Geen verbinding",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": "De verbinding is weg. Probeer het zo opnieuw.",
    "Page not found": "Deze pagina bestaat niet",
    "More": "Meer",
    "Link to heading": "Link naar deze kop",
    "Search": "Zoeken",
    "Copy to clipboard": "Kopiëren",
    "Made with Streamlit": "Gemaakt met Streamlit",
    "Theme": "Thema",
    "Clear entry": "Wissen",
    "Press Enter to apply": "Druk op Enter om toe te passen",
    "Press Enter to submit form": "Druk op Enter om te versturen",
    "Press Ctrl+Enter to apply": "Druk op Ctrl+Enter om toe te passen",
    "Press Ctrl+Enter to submit form": "Druk op Ctrl+Enter om te versturen",
    "Press ⌘+Enter to apply": "Druk op ⌘+Enter om toe te passen",
    "Press ⌘+Enter to submit form": "Druk op ⌘+Enter om te versturen",
    "This field is required.": "Vul dit in.",
    "Copy": "Kopiëren",
    "Copied": "Gekopieerd",
    "Copied!": "Gekopieerd",
    "Toggle fullscreen": "Volledig scherm",
    "Logo": "Jeugdbeeld",
    "Streamlit logo": "Streamlit",
    "Get help": "Hulp",
    "Report a bug": "Een fout melden",
    "Learn more": "Meer lezen",
    "Show chart": "Grafiek tonen",
    "Scroll tabs left": "Naar links",
    "Scroll tabs right": "Naar rechts",
    "Always rerun": "Altijd opnieuw laden",
    "Auto rerun": "Vanzelf opnieuw laden",
    "File change.": "Het programma is veranderd.",
    "Traceback:": "Fout:",
    "Please wait...": "Even geduld…",
    "Don't show again": "Niet meer tonen",
    "Loading...": "Laden…",
    "Save": "Bewaren",
    "Apply": "Toepassen",
  };
  const patterns = [
    [/^You can only select up to (\d+) options?\. Remove an option first\.?$/, "U kunt er hoogstens $1 kiezen. Haal er eerst een weg."],
    [/^(You have requested page|The page that you have requested) .+$/, "Deze pagina bestaat niet. Hieronder staat het overzicht."],
    [/^Select (\d+) matches$/, "$1 gevonden keuzes kiezen"],
    [/^Add: (.+)$/, "Toevoegen: $1"],
    [/^Remove (.+)$/, "$1 weghalen"],
    [/^Help for (.+)$/, "Uitleg bij $1"],
    [/^(.+), close by backspace$/, "$1, weghalen met backspace"],
  ];
  const attributes = ["aria-label", "title", "placeholder", "alt"];
  const translate = (text) => {
    const bare = text.trim();
    if (!bare) return text;
    if (Object.hasOwn(words, bare)) return text.replace(bare, words[bare]);
    for (const [pattern, dutch] of patterns) if (pattern.test(bare)) return bare.replace(pattern, dutch);
    return text;
  };
  const visitText = (node) => {
    if (!(node.data || "").trim() || node.data.length > 160) return;
    const dutch = translate(node.data);
    if (dutch !== node.data) node.data = dutch;
  };
  // With sections, Streamlit puts other things than items in its list of pages: no list then, for who hears it.
  const brokenList = "[data-testid=stSidebarNavItems], [data-testid=stSidebarNavItems] li";
  const visitElement = (element) => {
    if (element.matches(brokenList) && element.getAttribute("role") !== "none") element.setAttribute("role", "none");
    for (const name of attributes) {
      const text = element.getAttribute(name);
      if (!text) continue;
      const dutch = translate(text);
      if (dutch !== text) element.setAttribute(name, dutch);
    }
  };
  const visit = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return visitText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return undefined;
    visitElement(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) (walker.currentNode.nodeType === Node.TEXT_NODE ? visitText : visitElement)(walker.currentNode);
    return undefined;
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(visit);
      else if (change.type === "characterData") visitText(change.target);
      else visitElement(change.target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes,
  });
  // Streamlit leaves entries behind in the history when a visitor goes to another page by the menu: the old page without its
  // choices, or with those of the new page. Back would then show something else than what was left. None until the new page is there.
  let leaving = "";
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, to) => {
    const path = new URL(to, location.href).pathname;
    if (leaving && path === location.pathname) {
      if (path !== leaving) history.replaceState(state, unused, to);
    } else push(state, unused, to);
  };
  const arrived = () => {
    const idle = document.querySelector("[data-test-script-state=notRunning]");
    if (idle && location.pathname !== leaving) leaving = "";
  };
  const links = "[data-testid=stTopNavDropdownLink], [data-testid=stTopNavLink], [data-testid=stSidebarNavLink], [data-testid=stLogoLink]";
  window.addEventListener("pointerdown", arrived, true);
  window.addEventListener("keydown", arrived, true);
  window.addEventListener("popstate", () => { leaving = ""; }, true);
  window.addEventListener("click", (event) => {
    const link = event.target.closest?.(links);
    const elsewhere = link && (!link.href || new URL(link.href).pathname !== location.pathname);
    if (elsewhere && !event.ctrlKey && !event.metaKey && !event.shiftKey) leaving = location.pathname;
  }, true);
  // On paper a chart keeps the width that it had on the screen, and would be cut off: make it fit A4 (see style.css).
  const paperWidth = 980;
  const charts = () => document.querySelectorAll(".stPlotlyChart .js-plotly-plot");
  window.addEventListener("beforeprint", () => charts().forEach((chart) => {
    const width = chart.querySelector("svg")?.width.baseVal.value || 0;
    if (width > paperWidth) chart.style.zoom = paperWidth / width;
  }));
  window.addEventListener("afterprint", () => charts().forEach((chart) => chart.style.removeProperty("zoom")));
})();
