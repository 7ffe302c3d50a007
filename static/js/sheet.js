/* The score sheet saves itself. What is typed is kept on this computer until the server has it:
   a lost connection, an expired log-in, a reload or a second window lose nothing. Without this
   file the page is saved by its button. */
(function () {
  "use strict";

  var ROOT = "giao-uoc:phieu:";
  var store = null;
  try {
    store = window.localStorage;
    store.setItem(ROOT + "thu", "1");
    store.removeItem(ROOT + "thu");
  } catch (error) { store = null; }

  function keysOf(prefix) {
    return store ? Object.keys(store).filter(function (key) { return key.indexOf(prefix) === 0; }) : [];
  }

  /* The receipt says that the sheet was handed in: the copy on this computer goes. */
  document.querySelectorAll("[data-forget-sheet]").forEach(function (place) {
    keysOf(ROOT + place.dataset.forgetSheet + ":").forEach(function (key) { store.removeItem(key); });
  });

  var form = document.getElementById("bang");
  if (!form || !form.dataset.autosave) return;

  /* The browser may show a page of an hour ago on going back: fetch it anew, what was typed stays. */
  var walked = performance.getEntriesByType("navigation")[0];
  if (walked && walked.type === "back_forward") { window.location.reload(); return; }
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });

  var said = document.getElementById("trang-thai-luu");
  var prefix = ROOT + form.dataset.sheet + ":" + form.dataset.person + ":";
  var tab = nameOfTab();
  var lines = {};
  var strays = [];
  var timer = 0;
  var sending = false;
  var failures = 0;
  var pressed = null;
  var away = false;
  var closed = false;
  var leaving = false;
  var saved = "";
  var vanished = 0;

  function nameOfTab() {
    try {
      var name = sessionStorage.getItem(ROOT + "the") || Math.random().toString(36).slice(2, 10);
      sessionStorage.setItem(ROOT + "the", name);
      return name;
    } catch (error) { return Math.random().toString(36).slice(2, 10); }
  }

  /* ---------------------------------------------------------------- lines */

  form.querySelectorAll("input[type=hidden][name$='-v']").forEach(function (mark) {
    var found = mark.name.match(/^c(\d+)-v$/);
    if (!found) return;
    var row = mark.closest("tr");
    var own = "c" + found[1] + "-";
    var fields = Array.from(row.querySelectorAll("[name^='" + own + "']")).filter(function (field) {
      return field !== mark && field.name !== own + "keep";
    });
    var line = { id: found[1], mark: mark, row: row, cell: mark.closest("td"), fields: fields, refused: null, held: null };
    line.state = document.getElementById(row.id + "-tinh-trang");
    line.stateHtml = line.state.innerHTML;
    line.clash = Boolean(row.querySelector("[data-clash]"));
    line.base = textOf(line);
    lines[line.id] = line;
    if (!row.hasAttribute("data-unsaved")) return;
    keep(line);
    line.base = null;
    if (line.clash) offerChoices(line);
  });

  function valuesOf(line) {
    var values = {};
    line.fields.forEach(function (field) {
      values[field.name] = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value;
    });
    return values;
  }

  function put(line, values) {
    line.fields.forEach(function (field) {
      if (!(field.name in values)) return;
      if (field.type === "checkbox") field.checked = Boolean(values[field.name]);
      else field.value = values[field.name];
    });
  }

  function textOf(line) { return JSON.stringify(valuesOf(line)); }

  function lineOf(element) {
    var found = element && element.name ? element.name.match(/^c(\d+)-/) : null;
    return found ? lines[found[1]] : null;
  }

  function all() { return Object.keys(lines).map(function (id) { return lines[id]; }); }

  function isOpen(line) { return line.clash || textOf(line) !== line.base; }

  function isDue(line) {
    var text = textOf(line);
    return !line.clash && text !== line.base && text !== line.refused;
  }

  /* Refused as it stands, and the person has gone on. */
  function isWrong(line) { return line.refused !== null && line.refused === textOf(line) && !line.held; }

  function codeOf(line) { return line.row.querySelector("th").textContent.trim(); }

  /* ---------------------------------------------------------------- the copy on this computer */

  function keep(line) {
    if (!store) return;
    var draft = { v: line.mark.value, fields: valuesOf(line), at: Date.now() };
    try { store.setItem(prefix + tab + ":" + line.id, JSON.stringify(draft)); } catch (error) { store = null; }
  }

  function forget(line) { if (store) store.removeItem(prefix + tab + ":" + line.id); }

  function drafts() {
    return keysOf(prefix).map(function (key) {
      var rest = key.slice(prefix.length).split(":");
      try { return { key: key, own: rest[0] === tab, id: rest[1], draft: JSON.parse(store.getItem(key)) }; }
      catch (error) { return null; }
    }).filter(Boolean).sort(function (a, b) { return b.own - a.own || b.draft.at - a.draft.at; });
  }

  function restore() {
    var count = 0;
    var seen = {};
    drafts().forEach(function (found) {
      var line = lines[found.id];
      if (!line) { strays.push(found); return; }
      if (seen[found.id] || line.row.hasAttribute("data-unsaved")) return;
      seen[found.id] = true;
      store.removeItem(found.key);
      var before = textOf(line);
      put(line, found.draft.fields);
      if (textOf(line) === before) return;
      line.mark.value = found.draft.v;
      keep(line);
      showTyping(line);
      count += 1;
    });
    return count;
  }

  /* ---------------------------------------------------------------- what the person sees */

  function say(words, tone) {
    said.textContent = words;
    said.className = "save-state" + (tone ? " save-" + tone : "");
  }

  function sayLogIn() {
    say("Phiên làm việc đã hết: số liệu còn giữ trên máy này. ", "lost");
    var link = document.createElement("a");
    link.href = form.dataset.logIn;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Đăng nhập lại ở cửa sổ mới";
    said.append(link, ", rồi trở lại trang này; số liệu tự lưu.");
  }

  function sayKept(why) {
    say(store ? why + ": số liệu còn giữ trên máy này, sẽ tự lưu khi có mạng."
      : why + ": số liệu còn giữ trên trang này, đề nghị chưa đóng trang; sẽ tự lưu khi có mạng.", "lost");
  }

  function saySaved(at, gone) {
    var wrong = all().filter(isWrong);
    var clashes = all().filter(function (line) { return line.clash; }).length;
    var held = all().some(function (line) { return line.held; });
    saved = at;
    vanished = gone;
    if (!wrong.length && !clashes && !gone) {
      if (held) say("Dòng đang nhập chưa lưu. Các dòng khác đã lưu " + at);
      else say("Đã lưu " + at, "done");
      return;
    }
    say("", "wrong");
    if (wrong.length) {
      said.append("Còn " + wrong.length + " dòng nhập chưa đúng, chưa lưu: ");
      linkTo(wrong);
      said.append(". ");
    }
    if (clashes) said.append("Có " + clashes + " dòng người khác vừa sửa, đề nghị chọn bản. ");
    if (gone) said.append(gone + " tiêu chí không còn trong bảng chấm điểm mới, đề nghị tải lại trang. ");
    said.append("Các dòng khác đã lưu " + at + ".");
  }

  function linkTo(wrong) {
    wrong.forEach(function (line, at) {
      var link = document.createElement("a");
      link.href = "#" + (line.row.querySelector(".is-invalid") || line.row).id;
      link.textContent = codeOf(line);
      said.append(at ? ", " : "", link);
    });
  }

  function showTyping(line) {
    var open = isOpen(line);
    line.row.classList.toggle("is-open", open);
    if (!open) { line.state.innerHTML = line.stateHtml; return; }
    var chip = document.createElement("span");
    var wrong = isWrong(line);
    chip.className = wrong ? "badge badge-bad" : "badge badge-active";
    chip.textContent = line.clash ? "chờ chọn bản" : wrong ? "chưa đúng, chưa lưu" : "đang nhập";
    line.state.replaceChildren(chip);
  }

  function clearErrors(line) {
    line.cell.querySelectorAll(".invalid-feedback").forEach(function (each) { each.remove(); });
    line.fields.forEach(function (field) {
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    });
  }

  function showErrors(line, errors) {
    clearErrors(line);
    Object.keys(errors).forEach(function (name) {
      var field = document.getElementById(name) || line.fields[0];
      var box = document.createElement("div");
      box.id = name + "-loi";
      box.className = "invalid-feedback d-block";
      box.textContent = errors[name];
      field.classList.add("is-invalid");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", box.id);
      var beside = field.closest(".sheet-fields");
      if (beside) beside.append(box);
      else (field.closest(".form-check") || field).after(box);
    });
  }

  function showClash(line, html) {
    line.clash = true;
    line.row.classList.add("row-flag");
    document.getElementById(line.row.id + "-doi-chieu").innerHTML = html;
    offerChoices(line);
  }

  function offerChoices(line) {
    var plain = line.row.querySelector("[data-clash] [data-plain]");
    if (plain) plain.remove();
    line.row.querySelector("[data-choices]").hidden = false;
  }

  function endClash(line) {
    line.clash = false;
    line.row.classList.remove("row-flag");
    document.getElementById(line.row.id + "-doi-chieu").replaceChildren();
    line.fields[0].focus();
  }

  form.addEventListener("click", function (event) {
    var button = event.target.closest("[data-choose]");
    if (!button) return;
    var line = lines[button.closest("tr").id.replace("tieu-chi-", "")];
    line.mark.value = line.seen || line.mark.value;
    if (button.dataset.choose === "stored") {
      put(line, JSON.parse(button.closest("[data-clash]").dataset.fields));
      line.base = textOf(line);
      line.refused = null;
      forget(line);
      clearErrors(line);
    } else {
      line.base = line.refused = null;
      keep(line);
    }
    endClash(line);
    showTyping(line);
    later(0);
  });

  /* ---------------------------------------------------------------- sending */

  function later(wait) {
    if (closed) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(send, wait);
  }

  function token() {
    var found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return found ? found[1] : form.elements.csrfmiddlewaretoken.value;
  }

  function bodyOf(due) {
    var body = new URLSearchParams({ person: form.dataset.person });
    due.forEach(function (line) {
      body.set(line.mark.name, line.mark.value);
      var values = valuesOf(line);
      Object.keys(values).forEach(function (name) { body.set(name, values[name]); });
    });
    strays.forEach(function (stray) {
      body.set("c" + stray.id + "-v", stray.draft.v);
      Object.keys(stray.draft.fields).forEach(function (name) { body.set(name, stray.draft.fields[name]); });
    });
    return body;
  }

  function send() {
    window.clearTimeout(timer);
    if (sending || closed) return;
    var due = all().filter(isDue);
    if (!due.length && !strays.length) {
      if (failures || away) say("Không còn gì chờ lưu.");
      failures = 0;
      away = false;
      pass();
      return;
    }
    var sent = {};
    due.forEach(function (line) { sent[line.id] = textOf(line); });
    var stop = new AbortController();
    var limit = window.setTimeout(function () { stop.abort(); }, 20000);
    sending = true;
    fetch(form.dataset.autosave, {
      method: "POST",
      body: bodyOf(due),
      headers: { "Accept": "application/json", "X-CSRFToken": token() },
      credentials: "same-origin",
      redirect: "manual",
      keepalive: document.visibilityState === "hidden",
      signal: stop.signal
    }).then(read).then(function (answer) {
      sending = false;
      if (answer) take(answer, sent);
    }).catch(function (error) {
      sending = false;
      lost(error && error.answered);
    }).finally(function () { window.clearTimeout(limit); });
  }

  function read(response) {
    var plain = (response.headers.get("content-type") || "").indexOf("application/json") !== 0;
    if (response.ok && !plain) return response.json();
    if (!plain && response.status !== 401) {
      return response.json().then(function (refusal) { refuse(refusal.reason); });
    }
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      expired();
      return null;
    }
    if (response.status === 404) {
      refuse("Không mở được bảng này nữa.");
      return null;
    }
    throw Object.assign(new Error("not received"), { answered: true });
  }

  function take(answer, sent) {
    failures = 0;
    away = false;
    strays.forEach(function (stray) { store.removeItem(stray.key); });
    strays = [];
    draw(answer.parts);
    document.dispatchEvent(new CustomEvent("sheet:saved", { detail: answer }));
    Object.keys(sent).forEach(function (id) {
      if (answer.lines[id]) settle(lines[id], answer.lines[id], sent[id]);
    });
    saySaved(answer.saved_at, answer.gone);
    if (all().some(isDue)) later(400);
    else pass();
  }

  function settle(line, got, text) {
    line.held = null;
    line.seen = got.v;
    clearErrors(line);
    if (got.clash) showClash(line, got.clash);
    if (Object.keys(got.errors).length) {
      line.refused = text;
      if (line.row.contains(document.activeElement) && !pressed) line.held = got.errors;
      else showErrors(line, got.errors);
    } else if (!got.clash) {
      line.refused = null;
      line.base = text;
      line.mark.value = got.v;
      if (textOf(line) === text) forget(line);
      else keep(line);
    }
    showTyping(line);
  }

  /* Pieces of the page that follow from what was saved. */
  function draw(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html");
    fresh.querySelectorAll("[data-part]").forEach(function (piece) {
      var place = document.getElementById(piece.dataset.part);
      if (place && place.innerHTML.trim() !== piece.innerHTML.trim()) place.innerHTML = piece.innerHTML;
    });
    all().forEach(function (line) {
      line.stateHtml = line.state.innerHTML;
      if (isOpen(line)) showTyping(line);
    });
  }

  function lost(answered) {
    failures += 1;
    pressed = null;
    sayKept(answered ? "Máy chủ chưa nhận được" : "Mất kết nối");
    later(Math.min(30000, 1000 * Math.pow(2, failures)));
  }

  function expired() {
    pressed = null;
    if (!away) sayLogIn();
    away = true;
    later(20000);
  }

  /* The sheet may not be changed any more: stop, and leave what was typed where it stands. */
  function refuse(reason) {
    pressed = null;
    closed = true;
    say(reason + " Những gì vừa nhập còn trên trang này, chưa lưu.", "lost");
  }

  /* A button that was pressed while something was unsaved goes on once all is saved. */
  function pass() {
    if (!pressed) return;
    var button = pressed;
    pressed = null;
    form.requestSubmit(button === form ? undefined : button);
  }

  form.addEventListener("submit", function (event) {
    leaving = closed || (!sending && !all().some(isDue));
    if (leaving) return;
    event.preventDefault();
    pressed = event.submitter || form;
    send();
  });

  /* ---------------------------------------------------------------- typing */

  function changed(line, wait) {
    leaving = false;
    if (textOf(line) === line.base && !line.clash) {
      forget(line);
      line.refused = line.held = null;
      clearErrors(line);
    } else keep(line);
    showTyping(line);
    if (!away && !failures) later(wait);
  }

  form.addEventListener("input", function (event) {
    var line = lineOf(event.target);
    if (line) changed(line, 1500);
  });

  form.addEventListener("change", function (event) {
    var line = lineOf(event.target);
    if (line) changed(line, 150);
  });

  form.addEventListener("focusout", function (event) {
    var line = lineOf(event.target);
    if (!line || line.row.contains(event.relatedTarget)) return;
    if (line.held) {
      showErrors(line, line.held);
      line.held = null;
      showTyping(line);
      if (saved && !sending && !failures && !away && !closed) saySaved(saved, vanished);
    }
    if (isDue(line) && !away && !failures) later(100);
  });

  window.addEventListener("online", function () { later(0); });
  window.addEventListener("offline", function () { if (all().some(isOpen)) sayKept("Mất kết nối"); });
  window.addEventListener("focus", function () { if (away) later(0); });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" || away) send();
  });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && (sending || all().some(isOpen))) event.preventDefault();
  });

  form.removeAttribute("data-guard");
  document.querySelectorAll("button[form=bang][data-plain]").forEach(function (button) { button.hidden = true; });
  var told = document.querySelector(".messages .note");
  say(told && window.location.hash ? told.textContent : "Trang tự lưu khi nhập.");
  var count = restore();
  if (count || strays.length) {
    say("Còn " + (count || strays.length) + " dòng đã nhập trên máy này, đang lưu.", "lost");
  }
  later(count || strays.length ? 0 : 300);
})();
