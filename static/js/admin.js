/* Django's admin: the search box of a choice is named after its field, for screen readers. */
(function () {
  "use strict";

  window.addEventListener("load", function () {
    document.querySelectorAll("select.admin-autocomplete").forEach(function (field) {
      var label = document.querySelector('label[for="' + field.id + '"]');
      var box = field.nextElementSibling;
      if (!label || !box) return;
      var words = label.textContent.replace(/:?\s*$/, "").trim();
      box.querySelectorAll('[role="combobox"], [role="textbox"]').forEach(function (each) {
        each.removeAttribute("aria-labelledby");
        each.setAttribute("aria-label", words);
      });
    });
  });
})();
