// The consent of the landing page: what ripen.js may keep in the browser is for the visitor to say.
const remember = document.getElementById('remember');
if (remember && globalThis.ripen) {
  remember.closest('label').hidden = false;
  remember.checked = localStorage.getItem('ripen') !== null;
  remember.addEventListener('change', () => globalThis.ripen.consent(remember.checked));
}
