// Everything works without this file; it only adds the copy button.
for (const button of document.querySelectorAll(".copy-button")) {
  const text = button.parentElement.querySelector("textarea");
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      document.execCommand("copy"); // the clipboard API is refused on plain http
    }
    button.textContent = "已复制";
  });
}
