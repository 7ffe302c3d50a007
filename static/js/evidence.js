/* Evidence beside its line. Without this file the same buttons open it in a new tab. */
(function () {
  "use strict";

  var viewer = document.getElementById("xem-minh-chung");
  if (!viewer || !viewer.show) return;
  var sender = document.getElementById("mo-minh-chung");
  var title = document.getElementById("xem-ten");
  var body = viewer.querySelector(".viewer-body");
  var said = document.getElementById("xem-loi");
  var opener = null;
  var LOST = "Nội dung tệp không còn trong kho lưu của hệ thống nên chưa mở được. Đề nghị báo quản trị hệ thống khôi phục từ bản sao lưu; đơn vị còn giữ bản gốc thì thay lại tệp.";

  /* Note the opening; the file is shown only once it is noted. */
  function noted(button) {
    return fetch(button.getAttribute("formaction"), {
      method: "POST",
      body: new FormData(sender),
      headers: { "X-Requested-With": "fetch" },
      redirect: "manual"
    }).then(function (answer) {
      if (answer.status !== 204) throw new Error(String(answer.status));
    });
  }

  function drawn(button, name) {
    var picture = button.dataset.evidence === "picture";
    var shown = document.createElement(picture ? "img" : "iframe");
    shown.src = button.dataset.view + (picture ? "" : "#navpanes=0&pagemode=none&view=FitH");
    if (picture) shown.alt = name;
    else shown.title = name;
    return shown;
  }

  function show(button) {
    var name = button.lastChild.textContent;
    title.textContent = name;
    viewer.querySelector("[data-alone]").href = button.dataset.view;
    viewer.querySelector("[data-download]").href = button.dataset.file;
    body.replaceChildren(drawn(button, name));
    mark(button);
    if (!viewer.open) viewer.show();
    document.body.classList.add("viewer-open");
    title.focus({ preventScroll: true });
    (button.closest("tr, section, li") || button).scrollIntoView();
  }

  function mark(button) {
    if (opener) opener.removeAttribute("aria-expanded");
    opener = button;
    opener.setAttribute("aria-expanded", "true");
  }

  function close() {
    if (!viewer.open) return;
    viewer.close();
    body.replaceChildren();
    document.body.classList.remove("viewer-open");
    opener.removeAttribute("aria-expanded");
    if (!opener.isConnected) return;
    opener.scrollIntoView({ block: "center" });
    opener.focus({ preventScroll: true });
  }

  function open(button) {
    noted(button).then(
      function () {
        if (button.dataset.evidence === "file") window.location.assign(button.dataset.file);
        else show(button);
      },
      function (error) {
        said.className = "note note-error viewer-said";
        said.textContent = error.message === "410" ? LOST : "Chưa mở được minh chứng. Có thể minh chứng đã được gỡ, hoặc phiên làm việc đã đóng. Đề nghị tải lại trang.";
      }
    );
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-evidence]");
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(button);
  });
  viewer.querySelector("[data-close]").addEventListener("click", close);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && viewer.open) close();
  });
})();
