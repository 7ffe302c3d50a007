/* The appraisal with the keyboard: a current line, one key to keep it, each line saved at once.
   Everything also works without this file, by the form's own buttons. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-appraise]");
  if (!form || !window.fetch) return;
  var table = form.querySelector(".appraise-table");
  var said = document.getElementById("da-luu");
  var queue = Promise.resolve();
  var current = null;
  var paperOf = null;

  /* Lines save themselves, so only a line that is not saved yet keeps the reader here. */
  form.removeAttribute("data-guard");
  window.addEventListener("beforeunload", function (event) {
    if (table.querySelector("[data-dirty], [data-saving]")) event.preventDefault();
  });

  var keys = document.querySelector("[data-keys]");
  if (keys) keys.hidden = !window.matchMedia("(hover: hover)").matches;

  function lines() { return Array.from(table.querySelectorAll("tr[data-line]")); }
  function lineOf(place) { return place && place.closest ? place.closest("tr[data-line]") : null; }
  function idOf(line) { return line.id.replace("dong-", ""); }
  function waits(line) { return line.hasAttribute("data-waits") && !line.hasAttribute("data-saving"); }

  function say(words, bad) {
    said.textContent = words;
    said.classList.toggle("saved-not", Boolean(bad));
  }

  /* ---------------------------------------------------------------- the current line */

  function mark(line) {
    if (current && current !== line) {
      current.classList.remove("row-current");
      current.tabIndex = -1;
    }
    current = line;
    line.classList.add("row-current");
    line.tabIndex = 0;
  }

  function goTo(line) {
    mark(line);
    if (paperOf && paperOf !== line.id) closePaper();
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }

  function begin() {
    var all = lines();
    all.forEach(function (line) { line.tabIndex = -1; });
    form.querySelector(".facts-actions .btn").classList.replace("btn-primary", "btn-quiet");
    var named = document.getElementById(location.hash.slice(1));
    var first = lineOf(named) || all.find(waits) || all[0];
    if (first) mark(first);
    if (named && lineOf(named)) first.focus();
  }

  /* The next line in a direction; past the end the walk begins again at the other end. */
  function beyond(line, step, fits) {
    var all = lines();
    var at = all.indexOf(line);
    for (var n = 1; n <= all.length; n += 1) {
      var found = all[(at + step * n + all.length * 2) % all.length];
      if (fits(found)) return found;
    }
    return null;
  }

  function walk(step, fits, line) {
    var from = line || current;
    if (!line && current && fits(current) && lineOf(document.activeElement) !== current) return goTo(current);
    var next = beyond(from, step, fits);
    goTo(next || from);
    if (!next) say("Không còn tiêu chí nào chưa thẩm định. Bấm T để tới bước tiếp theo.");
    return null;
  }

  function any() { return true; }

  /* ---------------------------------------------------------------- saving */

  function fieldsOf(places) {
    var data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    if (form.elements.reason) data.append("reason", form.elements.reason.value);
    places.forEach(function (line) {
      line.querySelectorAll("input[name], select[name], textarea[name]").forEach(function (field) {
        if (field.type !== "checkbox" || field.checked) data.append(field.name, field.value);
      });
    });
    return data;
  }

  /* Send some lines; lines are read when their turn comes, with the version that is true then. */
  function send(ids, name, value, after) {
    ids.forEach(function (id) {
      var line = document.getElementById(id);
      line.setAttribute("data-saving", "");
      line.removeAttribute("data-dirty");
    });
    say("Đang lưu…");
    queue = queue.then(function () {
      var places = ids.map(function (id) { return document.getElementById(id); });
      var data = fieldsOf(places);
      if (name) data.append(name, value);
      return fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true" } })
        .then(function (response) {
          return response.text().then(function (text) { answer(response, text, ids, after); });
        })
        .catch(function () {
          lost(ids, "Mất kết nối nên chưa lưu được. Nội dung còn trên trang; đề nghị lưu lại.");
        });
    });
    return queue;
  }

  function lost(ids, words) {
    ids.forEach(function (id) {
      var line = document.getElementById(id);
      line.removeAttribute("data-saving");
      line.setAttribute("data-dirty", "");
    });
    say(words, true);
  }

  function answer(response, text, ids, after) {
    var box = document.createElement("template");
    box.innerHTML = text;
    var result = box.content.querySelector("[data-result]");
    if (!result) {
      var why = box.content.querySelector("main .note");
      lost(ids, response.redirected
        ? "Phiên làm việc đã hết nên chưa lưu được. Đề nghị đăng nhập lại ở một thẻ khác rồi lưu lại tại đây."
        : "Chưa lưu được. " + (why ? why.textContent.trim() : "Đề nghị tải lại trang."));
      return;
    }
    ids.forEach(function (id) { document.getElementById(id).removeAttribute("data-saving"); });
    var wasHere = lineOf(document.activeElement);
    box.content.querySelectorAll("[data-piece]").forEach(function (piece) { put(piece, ids, response.ok); });
    if (response.ok) {
      var left = lines().filter(waits).length;
      say(result.dataset.words + (left ? " Còn " + left + " tiêu chí." : " Đã thẩm định đủ, bấm T để tới bước tiếp theo."));
      if (after) after();
    } else {
      say("Chưa lưu. " + result.dataset.problem, true);
      refuse(result.dataset.focus, wasHere);
    }
  }

  /* Go to what is wrong, unless the reader has gone on to another line already: the next key
     would fall into the field. */
  function refuse(id, wasHere) {
    var place = document.getElementById(id);
    var line = lineOf(place);
    if (!line) return;
    line.setAttribute("data-dirty", "");
    if (wasHere && wasHere.id !== line.id) return;
    mark(line);
    offerPhrases(line);
    place.focus();
    line.scrollIntoView({ block: "nearest" });
  }

  function put(piece, ids, saved) {
    var old = document.getElementById(piece.id);
    if (!old) return;
    if (old.matches("tr[data-line]")) {
      putLine(old, piece, ids, saved);
    } else if (!old.querySelector("[data-dirty]")) {
      old.replaceWith(piece);
      document.dispatchEvent(new CustomEvent("page:renewed", { detail: piece }));
    }
  }

  /* A line with something typed on it keeps its fields; the rest of it follows. */
  function putLine(old, fresh, ids, saved) {
    var sent = ids.indexOf(old.id) >= 0;
    if (old.hasAttribute("data-dirty") && (saved || !sent)) {
      fresh.querySelectorAll("[data-live]").forEach(function (live) {
        old.querySelector("[data-live='" + live.dataset.live + "']").replaceWith(live);
      });
      if (sent) {
        fresh.querySelectorAll("input[type=hidden]").forEach(function (field) {
          old.querySelector("input[name='" + field.name + "']").value = field.value;
        });
      }
      return;
    }
    var inside = old.contains(document.activeElement);
    fresh.tabIndex = -1;
    old.replaceWith(fresh);
    if (old === current) mark(fresh);
    if (inside) fresh.focus({ preventScroll: true });
  }

  function keep(line) {
    if (line.hasAttribute("data-dirty")) return unsaved(line);
    if (!waits(line)) return say("Tiêu chí " + line.dataset.line + " đã thẩm định. Bấm S để sửa.");
    send([line.id], "keep", idOf(line));
    goTo(beyond(line, 1, waits) || line);
  }

  function unsaved(line) {
    say("Tiêu chí " + line.dataset.line + " có nội dung chưa lưu. Bấm S để xem lại, Esc để bỏ.", true);
  }

  function keepRest(line) {
    var part = line.closest("tbody");
    var all = lines().filter(function (each) { return each.parentElement === part; });
    if (!all.some(waits)) return say("Phần này không còn tiêu chí nào chưa thẩm định.");
    var open = all.find(function (each) { return each.hasAttribute("data-dirty"); });
    if (open) {
      goTo(open);
      return say("Tiêu chí " + open.dataset.line + " có nội dung chưa lưu. Bấm S để xem lại, Esc để bỏ, rồi giữ các tiêu chí còn lại.", true);
    }
    send(all.map(function (each) { return each.id; }), "keep_rest", part.id.replace("phan-", ""), function () {
      if (lineOf(document.activeElement) && !waits(current)) walk(1, waits, current);
    });
  }

  function save(line, thenWalk) {
    send([line.id], "only", idOf(line), function () {
      if (thenWalk && lineOf(document.activeElement) === document.getElementById(line.id)) walk(1, waits, current);
    });
  }

  /* ---------------------------------------------------------------- the editor of a line */

  function edit(line) {
    var box = line.querySelector("details.line-edit");
    if (!box) return;
    box.open = true;
    offerPhrases(line);
    var first = box.querySelector("input:not([type=hidden]), select");
    first.focus();
    if (first.select) first.select();
    line.scrollIntoView({ block: "nearest" });
  }

  function leave(line) {
    line.querySelector("details.line-edit").open = false;
    goTo(line);
    if (line.hasAttribute("data-dirty")) unsaved(line);
  }

  /* Escape once more on the line: what was typed goes, the line is shown as it is stored. */
  function discard(line) {
    fetch(window.location.pathname, { headers: { "Accept": "text/html" } })
      .then(function (response) { return response.text(); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById(line.id);
        if (!fresh) throw new Error("no line");
        line.replaceWith(fresh);
        goTo(fresh);
        say("Đã bỏ nội dung chưa lưu của tiêu chí " + fresh.dataset.line + ".");
      })
      .catch(function () { say("Mất kết nối nên chưa bỏ được.", true); });
  }

  /* Stock phrases under the reason, one press each: the first have a key, the rest fold. */
  function offerPhrases(line) {
    var reason = line.querySelector("textarea[name$='-reason']");
    if (!reason || line.querySelector(".phrases")) return;
    var box = document.createElement("div");
    box.className = "phrases";
    var more = document.createElement("details");
    var summary = document.createElement("summary");
    summary.textContent = "Lý do khác";
    more.className = "disclosure";
    more.append(summary);
    Array.from(document.querySelectorAll("#ly-do-mau option")).forEach(function (option, at) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "phrase";
      var key = document.createElement("kbd");
      key.textContent = String(at + 1);
      button.append(at < 5 ? key : "", " " + option.value);
      if (at < 5) button.title = "Bàn phím: Alt + " + (at + 1);
      button.addEventListener("click", function () {
        reason.value = option.value;
        reason.dispatchEvent(new Event("input", { bubbles: true }));
        reason.focus();
      });
      (at < 5 ? box : more).append(button);
    });
    if (more.children.length > 1) box.append(more);
    line.querySelector(".line-deeds").before(box);
  }

  function openPaper(line) {
    var papers = line.querySelectorAll(".paper a[href], .paper button");
    if (!papers.length) return say("Tiêu chí " + line.dataset.line + " không có tệp minh chứng.");
    var at = Number(line.dataset.paper || 0) % papers.length;
    line.dataset.paper = at + 1;
    if (papers[at].href) papers[at].target = "_blank";
    papers[at].click();
  }

  /* Evidence shown beside a line goes with it. */
  function closePaper() {
    paperOf = null;
    var close = document.querySelector("dialog[open] [data-close]");
    if (close) close.click();
  }

  /* To what the sheet asks for next: its first field or button that works. */
  function goOn() {
    var place = document.querySelector("#viec-tiep").querySelector(
      "input:not([type=hidden]), button:not([disabled]), a.btn"
    );
    var left = lines().filter(waits).length;
    if (left) {
      walk(1, waits);
      return say("Còn " + left + " tiêu chí chưa thẩm định.");
    }
    if (!place) return null;
    place.focus();
    return place.scrollIntoView({ block: "center" });
  }

  /* ---------------------------------------------------------------- keys and buttons */

  function isText(place) {
    return place.matches("textarea, select, [contenteditable]") ||
      (place.matches("input") && !/^(checkbox|radio|button|submit)$/.test(place.type));
  }

  function choosePhrase(event, line) {
    var button = line.querySelectorAll(".phrase")[Number(event.key) - 1];
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  function inField(event, line) {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      save(line, true);
    } else if (event.key === "Escape") {
      leave(line);
    }
  }

  var KEYS = {
    j: function () { walk(1, waits); },
    k: function () { walk(-1, waits); },
    a: function (line, event) { (event.shiftKey ? keepRest : keep)(line); },
    s: edit,
    m: openPaper,
    t: goOn
  };
  var FREE = "jkt";

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    var place = event.target;
    var line = lineOf(place);
    if (event.altKey) {
      if (line && /^[1-5]$/.test(event.key)) choosePhrase(event, line);
      return;
    }
    if (isText(place)) {
      if (line) inField(event, line);
      return;
    }
    if (event.key === "Escape" && line && place !== line) return leave(line);
    if (event.key === "Escape" && line && line.hasAttribute("data-dirty")) return discard(line);
    if (place === line && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      return walk(event.key === "ArrowDown" ? 1 : -1, any);
    }
    var deed = KEYS[event.key.toLowerCase()];
    var beside = place.closest("dialog") !== null;
    if (!deed || !current || (!line && !beside && !place.matches("body, main, button, a"))) return;
    event.preventDefault();
    /* A key that judges acts on the line the reader stands on, never on one out of sight. */
    if (!line && !beside && !isSeen(current) && FREE.indexOf(event.key.toLowerCase()) < 0) {
      goTo(current);
      return say("Đang ở tiêu chí " + current.dataset.line + ". Bấm lại phím vừa bấm.");
    }
    return deed(line || current, event);
  });

  /* Below the bar and the table's head, which stay in view. */
  function isSeen(line) {
    var box = line.getBoundingClientRect();
    var covered = Math.max(0, table.querySelector("thead th").getBoundingClientRect().bottom);
    return box.top >= covered - 1 && box.bottom <= window.innerHeight;
  }

  table.addEventListener("click", function (event) {
    var line = event.target.closest("button[data-evidence]") && lineOf(event.target);
    if (line) paperOf = line.id;
  });

  /* Whatever closed the evidence, the reader goes on where he or she is. */
  document.addEventListener("close", function () {
    if (current && current.isConnected) goTo(current);
  }, true);

  table.addEventListener("focusin", function (event) {
    var line = lineOf(event.target);
    if (line) mark(line);
  });

  table.addEventListener("input", function (event) {
    var line = lineOf(event.target);
    if (line) line.setAttribute("data-dirty", "");
  });

  table.addEventListener("toggle", function (event) {
    if (event.target.open && lineOf(event.target)) offerPhrases(lineOf(event.target));
  }, true);

  /* A line that was typed on is saved when the reader goes on to another one. */
  table.addEventListener("focusout", function (event) {
    var line = lineOf(event.target);
    if (!line || !line.isConnected || !line.hasAttribute("data-dirty")) return;
    var to = event.relatedTarget;
    if (to && !line.contains(to) && lineOf(to)) save(line, false);
  });

  form.addEventListener("submit", function (event) {
    var pressed = event.submitter;
    var line = lineOf(pressed);
    if (!pressed || !pressed.name) {
      table.querySelectorAll("[data-dirty]").forEach(function (each) { each.removeAttribute("data-dirty"); });
    } else if (pressed.name === "keep_rest") {
      event.preventDefault();
      keepRest(pressed.closest("tbody").querySelector("tr[data-line]"));
    } else if (line && pressed.name === "only") {
      event.preventDefault();
      save(line, true);
    } else if (line) {
      event.preventDefault();
      send([line.id], pressed.name, pressed.value);
    }
  });

  /* One's own phrases, added and taken off without leaving the lines. */
  document.addEventListener("submit", function (event) {
    var list = event.target;
    if (!list.matches("[data-phrases]")) return;
    event.preventDefault();
    var data = new FormData(list);
    if (event.submitter && event.submitter.name) data.append(event.submitter.name, event.submitter.value);
    fetch(list.action, { method: "POST", body: data, headers: { "HX-Request": "true" } })
      .then(function (response) { return response.text(); })
      .then(function (text) {
        var box = document.createElement("template");
        box.innerHTML = text;
        var piece = box.content.getElementById("ly-do-mau-cua-toi");
        if (!piece) return list.submit();
        document.getElementById(piece.id).replaceWith(piece);
        document.querySelectorAll(".phrases").forEach(function (each) { each.remove(); });
        document.getElementById("ly-do-mau-moi").focus();
        return null;
      })
      .catch(function () { say("Mất kết nối nên chưa lưu lý do mẫu.", true); });
  }, true);

  begin();
})();
