/* The score sheet by keyboard: Enter goes on, Ctrl + Enter to the next missing line; folded sections
   stay folded; on the last day the time left runs. Everything also works without this file. */
(function () {
  "use strict";

  var form = document.getElementById("bang");
  if (!form || !form.dataset.autosave) return;

  document.querySelectorAll(".sheet-keys").forEach(function (hint) { hint.hidden = false; });

  /* ---------------------------------------------------------------- going on */

  /* Notes are left to Tab; the percentage is another way of saying what was just typed. */
  function isStop(field) {
    if (!/^c\d+-(?!note$)/.test(field.name)) return false;
    var numerator = document.getElementById(field.name.replace("-percent", "-numerator"));
    return !(/-percent$/.test(field.name) && numerator.value && !field.value);
  }

  function isShown(element) { return element.getClientRects().length > 0; }

  function stops() {
    return Array.from(form.querySelectorAll("td input:not([type=hidden]):not([type=file]), td select"))
      .filter(function (field) { return isStop(field) && isShown(field); });
  }

  function focusOn(field) {
    field.focus();
    if (field.select && field.type === "text") field.select();
  }

  function goOn(from, step) {
    var fields = stops();
    var next = fields[fields.indexOf(from) + step];
    if (next) focusOn(next);
    else document.querySelector(".facts-actions .btn-primary").focus();
  }

  /* The rows of "Còn thiếu", in the page's order. */
  function wanting() {
    return Array.from(document.querySelectorAll("#con-thieu a[href*='#tieu-chi-']"))
      .map(function (link) { return document.getElementById(link.hash.slice(1)); })
      .filter(Boolean);
  }

  /* What a row still wants: its first empty field, else its evidence. */
  function wantedIn(row) {
    var fields = stops().filter(function (field) { return row.contains(field) && field.type !== "checkbox"; });
    var papers = "[data-label='Minh chứng'] ";
    return fields.find(function (field) { return !field.value; }) ||
      row.querySelector(papers + "[name=next]:not([value*='-'])," + papers + "a[href*='/minh-chung/them/']," + papers + "input[type=file]") ||
      fields[0] || row.querySelector("a, button");
  }

  function goToMissing(from) {
    var rows = wanting();
    if (!rows.length) {
      document.querySelector(".facts-actions .btn-primary").focus();
      return;
    }
    var here = from ? from.closest("tr") : null;
    var next = rows.find(function (row) {
      return here && (here.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
    }) || rows[0];
    showRow(next);
  }

  /* A link to a line leads into what is to be mended there, ready to be typed over. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href*='#c'], a[href*='#tieu-chi-']");
    var place = link && link.pathname === window.location.pathname && document.getElementById(link.hash.slice(1));
    if (!place || !form.contains(place)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showRow(place.closest("tr"), place.matches("input, select, textarea") ? place : null);
  });

  function showRow(row, field) {
    row.closest("details").open = true;
    row.scrollIntoView({ block: "center", behavior: "instant" });
    var place = field || wantedIn(row);
    if (place) focusOn(place);
  }

  var last = null;
  form.addEventListener("focusin", function (event) { last = event.target; });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.isComposing) return;
    var field = event.target;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      goToMissing(form.contains(field) ? field : last);
    } else if (form.contains(field) && isStop(field)) {
      event.preventDefault();
      goOn(field, event.shiftKey ? -1 : 1);
    }
  });

  document.querySelectorAll("[data-next-missing]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      goToMissing(last);
    });
  });

  /* ---------------------------------------------------------------- folded sections */

  var key = "giao-uoc:gap:" + form.dataset.sheet;
  var sections = Array.from(form.querySelectorAll("details.sheet-section"));

  try {
    var folded = JSON.parse(localStorage.getItem(key) || "[]");
    sections.forEach(function (section) {
      if (folded.indexOf(section.id) >= 0 && "#" + section.id !== location.hash) section.open = false;
    });
  } catch (error) { /* nothing was remembered */ }

  form.addEventListener("toggle", function () {
    var closed = sections.filter(function (section) { return !section.open; });
    try { localStorage.setItem(key, JSON.stringify(closed.map(function (section) { return section.id; }))); }
    catch (error) { /* nothing is remembered */ }
  }, true);

  /* A link to a line inside a folded section opens it. */
  function openTarget() {
    var target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    var section = target ? target.closest("details") : null;
    if (!section || section.open) return;
    section.open = true;
    target.scrollIntoView();
  }

  /* From another page to a line: into what it wants; back from its evidence, where the next piece
     would be added. */
  function arrive() {
    var row = /^#tieu-chi-/.test(window.location.hash) && document.getElementById(window.location.hash.slice(1));
    if (!row || document.activeElement !== document.body) return;
    var more = row.querySelector("[data-label='Minh chứng'] [name=next]:not([value*='-'])");
    var place = document.referrer.indexOf("/minh-chung/") > 0 ? more : wantedIn(row);
    if (place) place.focus({ preventScroll: true });
  }

  window.addEventListener("hashchange", openTarget);
  openTarget();
  /* The browser itself goes to the line only once all is loaded, and lets go of the focus then. */
  window.addEventListener("load", function () { window.setTimeout(arrive, 0); });

  /* ---------------------------------------------------------------- the time left */

  var DAY = 24 * 60 * 60 * 1000;
  var ahead = Number(form.dataset.now) - Date.now();

  document.addEventListener("sheet:saved", function (event) {
    ahead = event.detail.now - Date.now();
    tick();
  });

  function tick() {
    document.querySelectorAll("[data-until]").forEach(function (figure) {
      var left = Number(figure.dataset.until) - (Date.now() + ahead);
      if (left > DAY) return;
      var seconds = Math.floor(Math.abs(left) / 1000);
      var hours = Math.floor(seconds / 3600);
      var minutes = Math.floor(seconds / 60) % 60;
      var clock = hours ? hours + " giờ " + minutes + " phút" : minutes + " phút " + seconds % 60 + " giây";
      if (left > 0) figure.querySelector("dd").textContent = "còn " + clock;
      else if (-left < DAY) figure.querySelector("dd").textContent = "quá hạn " + clock;
    });
  }

  tick();
  window.setInterval(tick, 1000);
})();
