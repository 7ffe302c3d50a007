/* Several files for one line: chosen or dropped, sent one by one, each with its own outcome.
   Without this file the form sends them all at once. */
(function () {
  "use strict";

  var form = document.getElementById("them-minh-chung");
  if (!form || !window.FormData) return;
  var input = form.querySelector("input[type=file]");
  var drop = form.querySelector("[data-drop]");
  var list = document.getElementById("cac-tep");
  var said = form.querySelector(".uploads-said");
  var button = form.querySelector(".actions [type=submit]");
  var limit = Number(form.dataset.each);
  var left = Number(form.dataset.left);
  var queue = [];
  var added = 0;
  var sending = false;

  function megabytes(bytes) {
    if (bytes < 104857.6) return Math.ceil(bytes / 1024) + " KB";
    return (Math.ceil(bytes / 104857.6) / 10).toString().replace(".", ",") + " MB";
  }

  function make(tag, words, name) {
    var made = document.createElement(tag);
    if (words) made.textContent = words;
    if (name) made.className = name;
    return made;
  }

  /* ------------------------------------------------------------- the list */

  function why(file) {
    if (file.size === 0) return "Tệp không có nội dung. Đề nghị kiểm tra và chọn lại tệp.";
    if (file.size > limit) return "Nặng " + megabytes(file.size) + ", quá mức " + form.dataset.eachWords + " cho một tệp.";
    var waiting = queue.reduce(function (sum, each) { return sum + (each.state === "waiting" ? each.file.size : 0); }, 0);
    if (file.size + waiting > left) return "Bảng chỉ còn " + form.dataset.leftWords + ". Đề nghị giảm dung lượng, hoặc ghi số, ngày, nơi lưu ở mục 2.";
    return "";
  }

  function add(file) {
    var known = queue.some(function (each) {
      return each.state === "waiting" && each.file.name === file.name && each.file.size === file.size;
    });
    if (known) return;
    var row = make("li");
    var entry = { file: file, row: row, state: "waiting" };
    row.append(make("span", file.name, "upload-name"), make("span", file.size ? megabytes(file.size) : "", "quiet no-wrap"));
    entry.bar = make("progress");
    entry.bar.max = 1;
    entry.bar.value = 0;
    entry.bar.setAttribute("aria-label", "Đã gửi " + file.name);
    entry.words = make("span", "chờ gửi", "upload-state");
    entry.drop = make("button", "Bỏ", "btn-link-plain");
    entry.drop.type = "button";
    entry.drop.append(make("span", ": " + file.name, "visually-hidden"));
    entry.drop.addEventListener("click", function () { remove(entry); });
    row.append(entry.bar, entry.words, entry.drop);
    var wrong = why(file);
    list.append(row);
    list.hidden = false;
    queue.push(entry);
    if (wrong) end(entry, "refused", "không nhận: " + wrong);
  }

  function remove(entry) {
    queue.splice(queue.indexOf(entry), 1);
    entry.row.remove();
    list.hidden = queue.length === 0;
    input.focus();
  }

  function end(entry, state, words) {
    entry.state = state;
    entry.words.textContent = words;
    entry.row.className = "upload-" + state;
    entry.bar.hidden = true;
    entry.drop.hidden = state === "added";
  }

  function take(files) {
    Array.from(files).forEach(add);
    input.value = "";
    input.dispatchEvent(new Event("input"));
    var names = document.getElementById(input.id + "-ten-tep");
    if (names && queue.length) names.textContent = "Có thể chọn thêm tệp khác";
    said.textContent = summary();
    form.elements.title.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function count(state) {
    return queue.filter(function (each) { return each.state === state; }).length;
  }

  function summary() {
    var parts = [];
    if (added) parts.push("đã thêm " + added + " tệp");
    if (count("waiting")) parts.push(count("waiting") + " tệp chờ gửi, bấm “" + button.textContent.trim() + "” để gửi");
    if (count("refused")) parts.push(count("refused") + " tệp không được nhận");
    return parts.length ? parts.join(", ").replace(/^đ/, "Đ") + "." : "";
  }

  /* ------------------------------------------------------------- sending */

  function send(entry) {
    return new Promise(function (resolve) {
      var data = new FormData(form);
      data.delete("file");
      data.append("file", entry.file, entry.file.name);
      if (count("waiting") === 1 && !count("refused")) data.append("told", String(added + 1));
      var request = new XMLHttpRequest();
      request.open("POST", form.getAttribute("action") || window.location.href);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", function (event) {
        if (!event.lengthComputable) return;
        entry.bar.value = event.loaded / event.total;
        entry.words.textContent = "đang gửi " + Math.round(100 * event.loaded / event.total) + "%";
      });
      request.addEventListener("load", function () { resolve(answer(request)); });
      request.addEventListener("error", function () { resolve({ stop: "mất kết nối, chưa gửi được" }); });
      request.send(data);
    });
  }

  function answer(request) {
    var told = null;
    try { told = JSON.parse(request.responseText); } catch (error) { told = null; }
    if (told && told.added) return { added: true };
    if (told && told.errors) {
      var words = Object.values(told.errors).map(function (each) { return each.join(" "); }).join(" ");
      return Object.keys(told.errors).every(function (name) { return name === "file" || name === "__all__"; })
        ? { refused: words }
        : { stop: words };
    }
    if (request.status === 413 || request.status === 400) return { refused: "Tệp quá nặng so với mức máy chủ nhận." };
    if (request.status === 429) return { stop: "gửi quá nhiều lần trong một phút, đề nghị chờ một phút rồi gửi tiếp" };
    return { stop: "chưa gửi được; phiên làm việc có thể đã đóng hoặc bảng đã nộp. Đề nghị tải lại trang" };
  }

  function one(entry) {
    return send(entry).then(function (told) {
      if (told.added) {
        added += 1;
        left -= entry.file.size;
        end(entry, "added", "đã thêm");
      } else if (told.refused) {
        end(entry, "refused", "không nhận: " + told.refused);
      } else {
        entry.bar.value = 0;
        entry.words.textContent = "chưa gửi";
        throw new Error(told.stop);
      }
    });
  }

  function sendAll() {
    var waiting = queue.filter(function (each) { return each.state === "waiting"; });
    if (!waiting.length) return;
    sending = true;
    button.disabled = true;
    waiting.reduce(function (before, entry) {
      return before.then(function () { return one(entry); });
    }, Promise.resolve()).then(
      function () { finished(""); },
      function (error) { finished(error.message); }
    );
  }

  function finished(stopped) {
    sending = false;
    button.disabled = false;
    if (added) {
      var back = form.querySelector("[data-done]");
      back.textContent = back.dataset.done;
    }
    said.textContent = summary() + (stopped ? " Dừng lại: " + stopped.replace(/\.$/, "") + ". Tệp chưa gửi vẫn còn trong danh sách." : "");
    if (stopped || count("refused")) {
      said.className = "uploads-said note note-warning";
      said.tabIndex = -1;
      said.focus();
      return;
    }
    window.location.assign(form.dataset.back);
    if (form.dataset.back.split("#")[0] === window.location.pathname) window.location.reload();
  }

  form.addEventListener("submit", function (event) {
    if (sending) { event.preventDefault(); return; }
    if (!queue.some(function (each) { return each.state === "waiting"; })) {
      if (queue.length && !form.elements.number.value) {
        event.preventDefault();
        said.textContent = "Không còn tệp nào chờ gửi. Đề nghị chọn tệp khác, hoặc ghi số và ngày văn bản.";
      }
      return;
    }
    event.preventDefault();
    sendAll();
  });

  /* ------------------------------------------------------------- choosing and dropping */

  input.addEventListener("change", function () { take(input.files); });
  ["dragenter", "dragover"].forEach(function (name) {
    drop.addEventListener(name, function (event) {
      event.preventDefault();
      drop.classList.add("drop-over");
    });
  });
  ["dragleave", "drop"].forEach(function (name) {
    drop.addEventListener(name, function () { drop.classList.remove("drop-over"); });
  });
  drop.addEventListener("drop", function (event) {
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  drop.querySelector(".drop-hint").hidden = false;

  /* With a keyboard the first stop is the choice of files, not the menus above it. */
  if (window.matchMedia("(pointer: fine)").matches && document.activeElement === document.body) {
    input.focus({ preventScroll: true });
  }
})();
