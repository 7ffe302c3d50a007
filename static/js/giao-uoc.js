/* Small helps; every page works without them. */
(function () {
  "use strict";

  /* Put the reader on the list of errors after a refused form. */
  function focusErrors() {
    var summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  /* One press sends one form. It opens again after a while (a download leaves the page standing)
     and when the reader comes back to the page. */
  function reopen(form) {
    delete form.dataset.sent;
    form.querySelectorAll("button[type=submit]").forEach(function (button) { button.disabled = false; });
  }

  function guardDoubleSubmit() {
    document.addEventListener("submit", function (event) {
      var form = event.target;
      if (event.defaultPrevented || (form.method || "").toLowerCase() !== "post") return;
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      window.setTimeout(function () {
        form.querySelectorAll("button[type=submit]").forEach(function (button) { button.disabled = true; });
      }, 0);
      window.setTimeout(function () { reopen(form); }, 8000);
    });
    window.addEventListener("pageshow", function (event) {
      if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(reopen);
    });
  }

  /* form[data-guard]: ask before leaving with unsaved changes. */
  function guardLeaving() {
    /* A form that came back with errors still holds what nobody has saved. */
    var guarded = "form[data-guard]:not([data-autosave]):not([data-appraise])";
    var changed = Array.from(document.querySelectorAll(guarded)).some(function (form) {
      return form.querySelector(".is-invalid, [aria-invalid=true]");
    });
    document.addEventListener("input", function (event) {
      if (event.target.form && event.target.form.hasAttribute("data-guard")) changed = true;
    });
    document.addEventListener("submit", function () { changed = false; });
    window.addEventListener("beforeunload", function (event) {
      if (changed) event.preventDefault();
    });
  }

  function copyOldWay(text) {
    var area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "visually-hidden";
    document.body.appendChild(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject();
  }

  function copyText(text) {
    return navigator.clipboard ? navigator.clipboard.writeText(text) : copyOldWay(text);
  }

  /* [data-copy]: the button appears, the text it copies folds away; it returns if copying fails. */
  function prepareCopying() {
    document.querySelectorAll("button[data-copy]").forEach(function (button) {
      var box = button.closest(".copy");
      var said = box.querySelector(".copy-done");
      button.hidden = false;
      box.classList.add("ready");
      button.addEventListener("click", function () {
        copyText(button.dataset.copy).then(
          function () { said.textContent = "Đã chép, có thể dán vào tin nhắn."; },
          function () {
            box.classList.remove("ready");
            said.textContent = "Trình duyệt không cho chép. Đề nghị chọn và chép phần chữ này.";
          }
        );
      });
    });
  }

  /* What a link jumps to shall stand below the bar that stays in view, whatever its height. */
  function measureBar() {
    var bar = document.querySelector(".facts-bar.sticky");
    if (!bar || !window.ResizeObserver) return;
    function measure() {
      var height = getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
      document.documentElement.style.setProperty("--bar", height + "px");
    }
    new ResizeObserver(measure).observe(bar);
    measure();
  }

  /* A field that is being mended is no longer marked as wrong; the list of errors stays. */
  function forgetErrors() {
    document.addEventListener("input", function (event) {
      var field = event.target;
      if (!field.classList || !field.classList.contains("is-invalid") || field.closest("[data-autosave]")) return;
      (field.getAttribute("aria-describedby") || "").split(" ").forEach(function (id) {
        var told = document.getElementById(id);
        if (told && told.classList.contains("invalid-feedback")) told.remove();
      });
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
    });
  }

  /* A closed account menu should not stay open behind the reader's back. */
  function closeMenus() {
    var account = document.querySelector("details.account");
    if (!account) return;
    document.addEventListener("click", function (event) {
      if (!account.contains(event.target)) account.open = false;
    });
    account.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !account.open) return;
      account.open = false;
      account.querySelector("summary").focus();
    });
  }

  /* The parts of a year take half a phone: there they fold behind the one that is open. */
  function foldTabs() {
    document.querySelectorAll(".year-tabs").forEach(function (nav) {
      var list = nav.querySelector(".nav-tabs");
      var here = list.querySelector("[aria-current]");
      var button = document.createElement("button");
      var name = document.createElement("strong");
      button.type = "button";
      button.className = "year-tabs-open";
      button.setAttribute("aria-expanded", "false");
      name.textContent = here ? here.textContent.trim() : "";
      button.append(name);
      name.before(here ? "Phần của năm: " : "Các phần của năm");
      button.addEventListener("click", function () {
        button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") === "false"));
      });
      list.before(button);
    });
  }

  /* Say on paper when it was printed. */
  function preparePrinting() {
    var line = document.querySelector("[data-printed]");
    var plain = line ? line.textContent : "";
    function two(number) { return String(number).padStart(2, "0"); }
    window.addEventListener("beforeprint", function () {
      var now = new Date();
      if (line) {
        line.textContent = plain + " · in lúc " + two(now.getHours()) + ":" + two(now.getMinutes()) +
          " ngày " + two(now.getDate()) + "/" + two(now.getMonth() + 1) + "/" + now.getFullYear();
      }
    });
  }

  /* button[data-print]: opens the window in which the browser prints this page. */
  function preparePrintButtons() {
    document.querySelectorAll("button[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
  }

  /* A long history can be filtered by person or line, as typed, with or without diacritics. */
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  }

  function filterHistory(place) {
    place.querySelectorAll("[data-history-filter]").forEach(function (box) {
      var input = box.querySelector("input");
      var section = box.closest(".history");
      var entries = Array.from(section.querySelectorAll(".history-entry"));
      var older = section.querySelector(".history-older");
      var count = box.querySelector("[role=status]");
      box.hidden = false;
      function sift() {
        var wanted = fold(input.value.trim());
        var left = entries.filter(function (entry) {
          entry.hidden = wanted !== "" && !fold(entry.textContent).includes(wanted);
          return !entry.hidden;
        });
        if (older && wanted) older.open = true;
        count.textContent = wanted ? "Còn " + left.length + "/" + entries.length + " dòng." : "";
      }
      input.addEventListener("input", sift);
      input.value = sought;
      if (sought) sift();
    });
  }

  /* A page may renew its history without being loaded again; what is looked for stays. */
  var sought = "";
  document.addEventListener("input", function (event) {
    if (event.target.closest("[data-history-filter]")) sought = event.target.value;
  });
  document.addEventListener("page:renewed", function (event) { filterHistory(event.detail); });

  /* [data-ticks]: a long list of boxes is narrowed as typed; the button says how many are ticked. */
  function countTicks() {
    document.querySelectorAll("[data-ticks]").forEach(function (box) {
      var tools = box.querySelector("[data-tick-tools]");
      var input = tools.querySelector("input");
      var rows = Array.from(box.querySelectorAll(".form-check"));
      var count = tools.querySelector("[role=status]");
      var button = box.closest("form").querySelector("[data-tick-count]");
      function shown() { return rows.filter(function (row) { return !row.hidden; }); }
      function ticked() { return rows.filter(function (row) { return row.querySelector("input").checked; }); }
      function say() {
        var n = ticked().length;
        if (button) button.textContent = n ? button.dataset.tickCount.replace("#", n) : button.dataset.tickNone;
        count.textContent = "Đã chọn " + n + "/" + rows.length + " đơn vị.";
      }
      input.addEventListener("input", function () {
        var wanted = fold(input.value.trim());
        rows.forEach(function (row) { row.hidden = wanted !== "" && !fold(row.textContent).includes(wanted); });
      });
      input.addEventListener("keydown", function (event) { if (event.key === "Enter") event.preventDefault(); });
      tools.querySelector("button").addEventListener("click", function () {
        shown().forEach(function (row) { if (row.offsetParent) row.querySelector("input").checked = true; });
        say();
      });
      box.addEventListener("change", say);
      tools.hidden = false;
      say();
    });
  }

  /* form[data-fresh-token]: was shown before logging in again; the token of that form is old. */
  function freshenTokens() {
    document.addEventListener("submit", function (event) {
      var found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
      if (found && event.target.matches("[data-fresh-token]")) event.target.elements.csrfmiddlewaretoken.value = found[1];
    });
  }

  /* Logging out on purpose: what unsaved pages kept on this computer goes with it. */
  function forgetAtLogOut() {
    document.addEventListener("submit", function (event) {
      if (event.defaultPrevented || !event.target.hasAttribute("data-log-out")) return;
      try {
        Object.keys(localStorage).filter(function (key) { return key.indexOf("giao-uoc:phieu:") === 0; })
          .forEach(function (key) { localStorage.removeItem(key); });
      } catch (error) { /* nothing was kept */ }
    });
  }

  /* Browsers name the button of a file field in their own language: ours says it in Vietnamese. */
  function nameFileFields() {
    document.querySelectorAll("input[type=file]").forEach(function (input) {
      var box = document.createElement("span");
      var button = document.createElement("span");
      var names = document.createElement("span");
      box.className = "file-field form-control";
      button.className = "file-button";
      button.textContent = input.multiple ? "Chọn các tệp" : "Chọn tệp";
      names.className = "file-names";
      names.id = (input.id || input.name) + "-ten-tep";
      function say() {
        var files = Array.from(input.files).map(function (file) { return file.name; });
        names.textContent = files.join(", ") || "Chưa chọn tệp nào";
      }
      input.before(box);
      box.append(button, names, input);
      input.addEventListener("change", say);
      input.addEventListener("input", say);
      if (input.form) input.form.addEventListener("reset", function () { window.setTimeout(say, 0); });
      say();
    });
  }

  focusErrors();
  nameFileFields();
  foldTabs();
  freshenTokens();
  forgetAtLogOut();
  guardDoubleSubmit();
  guardLeaving();
  measureBar();
  forgetErrors();
  prepareCopying();
  closeMenus();
  preparePrinting();
  preparePrintButtons();
  filterHistory(document);
  countTicks();
})();
