/* The rubric's editor: focus, leaving, moving by drag. Everything also works without this file. */
(function () {
  "use strict";

  var root = document.getElementById("soan");
  if (!root || !window.htmx) return;
  var order = "";
  var cancelled = "";
  var kept = [];
  var typed = null;
  var drawing = null;
  root.classList.add("has-js");

  function byId(id) { return id ? document.getElementById(id) : null; }

  function focusOn(id) {
    var place = byId(id);
    if (place) place.focus();
  }

  function say(words) {
    var box = byId("khong-luu");
    if (!box) {
      box = document.createElement("p");
      box.id = "khong-luu";
      box.className = "note note-error ed-problem";
      box.setAttribute("role", "alert");
      root.prepend(box);
    }
    box.textContent = words;
  }

  function silence() {
    var box = byId("khong-luu");
    if (box) box.remove();
  }

  /* After a change of kind or of a small table: stay where the reader was. */
  function focusRedrawn(form) {
    var parts = order.split(":");
    var place = null;
    if (parts[0] === "kind") place = form.querySelector("[name=kind]");
    if (parts[1] === "more") {
      place = Array.from(form.querySelectorAll("input[type=text][name^='" + parts[0] + "-'], select[name^='" + parts[0] + "-']"))
        .find(function (input) { return input.value === ""; });
    }
    if (parts[1] === "up" || parts[1] === "down") {
      var to = Math.max(0, Number(parts[2]) + (parts[1] === "up" ? -1 : 1));
      place = form.querySelector("button[value='" + parts[0] + ":" + parts[1] + ":" + to + "']") ||
        form.querySelector("button[value='" + parts[0] + ":" + parts[1] + ":" + parts[2] + "']");
    }
    order = "";
    if (place) place.focus();
  }

  /* What was typed, opened and focused while the answer was on its way. */
  function remember(form) {
    var fields = {};
    Array.from(form.elements).forEach(function (field) {
      if (field.name && field.tagName !== "BUTTON" && field.type !== "hidden") fields[field.name] = field.type === "checkbox" ? field.checked : field.value;
    });
    var more = form.querySelector(".ed-more");
    var active = document.activeElement;
    return { fields: fields, more: Boolean(more && more.open), at: form.contains(active) ? active.name || "" : "" };
  }

  function restore(form, was) {
    Array.from(form.elements).forEach(function (field) {
      if (field.tagName === "BUTTON" || !(field.name in was.fields)) return;
      if (field.type === "checkbox") field.checked = was.fields[field.name];
      else field.value = was.fields[field.name];
    });
    var more = form.querySelector(".ed-more");
    if (more && was.more) more.open = true;
    var place = was.at && was.at !== "redraw" ? form.querySelector("[name='" + was.at + "']") : null;
    if (place && was.at !== "kind") { order = ""; place.focus(); }
  }

  function focusForm(form) {
    var summary = form.querySelector("[data-focus]");
    var title = form.querySelector("[name=title]");
    var start = title && !title.value ? title : form.querySelector("input:not([type=hidden]), textarea, select");
    var first = summary || start;
    if (first) first.focus();
    if (first && first.select && !summary) first.select();
  }

  /* A form that is still being redrawn gives way to what is pressed now, or the press is lost. */
  function giveWay(form) {
    if (drawing === form) window.htmx.trigger(form, "htmx:abort");
  }

  /* A change of the way of scoring asks for the fields that it needs. */
  document.body.addEventListener("change", function (event) {
    var box = event.target.closest("[data-kind]");
    if (!box) return;
    var form = event.target.form;
    giveWay(form);
    order = "kind";
    drawing = form;
    window.htmx.ajax("POST", box.dataset.kind, {
      source: form, target: byId(box.dataset.slot), swap: "outerHTML", values: { redraw: "kind" }
    });
  });

  document.body.addEventListener("submit", function (event) {
    var pressed = event.submitter;
    giveWay(event.target);
    order = pressed && pressed.name === "redraw" ? pressed.value : "";
    drawing = order ? event.target : null;
  }, true);

  document.body.addEventListener("htmx:afterRequest", function () { drawing = null; });

  document.body.addEventListener("input", function (event) {
    var form = event.target.closest(".ed-form");
    if (form) form.dataset.changed = "1";
  });

  window.addEventListener("beforeunload", function (event) {
    if (document.querySelector(".ed-form[data-changed]")) event.preventDefault();
  });

  document.body.addEventListener("keydown", function (event) {
    var form = event.key === "Escape" ? event.target.closest(".ed-form") : null;
    var away = form ? form.querySelector("[data-cancel]") : null;
    if (away) away.click();
  });

  document.body.addEventListener("click", function (event) {
    var away = event.target.closest("[data-cancel]");
    if (away) cancelled = away.closest(".ed-form").id;
  }, true);

  /* Other forms that stand open inside what is drawn anew keep what was typed. */
  document.body.addEventListener("htmx:beforeSwap", function (event) {
    var asked = event.detail.requestConfig && event.detail.requestConfig.elt;
    var answered = new URL(event.detail.xhr.responseURL || location.href).pathname;
    if (event.detail.xhr.status < 400 && answered.indexOf("/dang-nhap/") === 0) {
      event.detail.shouldSwap = false;
      say("Phiên làm việc đã hết nên chưa lưu được. Đề nghị đăng nhập lại ở một thẻ khác của trình duyệt, rồi lưu lại tại đây.");
      return;
    }
    silence();
    var target = event.detail.target;
    var own = asked ? asked.closest(".ed-form") : null;
    typed = own && (order === "kind" || order.split(":")[1] === "more") ? remember(own.querySelector("form")) : null;
    kept = Array.from(target.querySelectorAll(".ed-form")).filter(function (form) { return form !== own; });
  });

  document.body.addEventListener("htmx:afterSwap", function () {
    kept.forEach(function (form) {
      var row = byId(form.id);
      if (!row || row === form) return;
      row.replaceWith(form);
      window.htmx.process(form);
    });
    kept = [];
  });

  document.body.addEventListener("htmx:afterSettle", function (event) {
    var form = event.target.closest && event.target.closest(".ed-form");
    if (cancelled) {
      var row = byId(cancelled);
      var link = row && row.querySelector("a");
      if (row && row.hasAttribute("tabindex")) row.focus();
      else if (link) link.focus();
      cancelled = "";
    } else if (form && order) {
      form.dataset.changed = "1";
      if (typed) restore(form.querySelector("form"), typed);
      typed = null;
      if (order) focusRedrawn(form);
    } else if (form && !form.contains(document.activeElement)) {
      focusForm(form);
    }
  });

  document.body.addEventListener("rubric:drawn", function (event) {
    var place = byId(event.detail.focus);
    var link = event.detail.again && place ? place.querySelector("a[hx-get]") : null;
    if (!link && event.detail.again) link = root.querySelector("a[hx-target='#" + event.detail.focus + "']");
    if (link) link.click();
    else focusOn(event.detail.focus);
  });

  document.body.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    say(status === 403 || status === 404 || status === 409
      ? "Chưa lưu được: mục này vừa đổi hoặc bảng không còn sửa được. Đề nghị tải lại trang."
      : "Chưa lưu được. Nội dung đã nhập vẫn còn; đề nghị thử lại sau ít phút.");
  });
  document.body.addEventListener("htmx:sendError", function () {
    say("Mất kết nối nên chưa lưu được. Nội dung đã nhập vẫn còn; đề nghị thử lại khi có mạng.");
  });

  /* ---------------------------------------------------------------- moving by drag */

  var dragged = null;
  var before = "";

  function idsOf(list) {
    return Array.from(list.children).map(function (row) { return row.dataset.id; }).filter(Boolean);
  }

  root.addEventListener("dragstart", function (event) {
    if (!event.target.closest || !event.target.closest(".ed-handle")) return;
    dragged = event.target.closest("li[data-id]");
    before = idsOf(dragged.parentElement).join();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.id);
    event.dataTransfer.setDragImage(dragged, 12, 12);
    dragged.classList.add("ed-dragged");
  });

  root.addEventListener("dragover", function (event) {
    if (!dragged) return;
    var over = event.target.closest("li[data-id]");
    while (over && over.parentElement !== dragged.parentElement) over = over.parentElement.closest("li[data-id]");
    if (!over) return;
    event.preventDefault();
    if (over === dragged) return;
    var box = over.getBoundingClientRect();
    over[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
  });

  root.addEventListener("drop", function (event) { if (dragged) event.preventDefault(); });

  root.addEventListener("dragend", function () {
    if (!dragged) return;
    var list = dragged.parentElement;
    var ids = idsOf(list);
    dragged.classList.remove("ed-dragged");
    dragged = null;
    if (ids.join() === before) return;
    var values = { id: ids };
    if (list.dataset.section) values.section = list.dataset.section;
    if (list.dataset.parent) values.parent = list.dataset.parent;
    window.htmx.ajax("POST", root.dataset.orderUrl, { source: root, target: "#cay", swap: "outerHTML", values: values });
  });
})();
