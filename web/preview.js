// The preview: loads the page anew when a file was saved, fits the frames to the mails, keeps the counts of leads fresh.
const since = document.documentElement.dataset.change;
const events = new EventSource(`/_local/preview/changes?since=${since}`);
events.addEventListener('changed', () => {
  events.close();
  location.reload();
});

function fitFrame(frame) {
  const inside = frame.contentDocument?.documentElement;
  if (!inside) return;
  // A page is at least as high as its frame: made low first, so that it tells its own height.
  frame.height = 100;
  frame.height = inside.scrollHeight + 2;
}

for (const frame of document.querySelectorAll('iframe')) {
  frame.addEventListener('load', () => fitFrame(frame));
  fitFrame(frame);
}

for (const form of document.querySelectorAll('form[data-auto]')) {
  form.addEventListener('change', () => form.submit());
  form.querySelector('button').hidden = true;
}

const picture = document.querySelector('[data-live]');
let shown = '';

async function count() {
  if (document.visibilityState === 'hidden') return;
  const answer = await fetch(picture.dataset.live).catch(() => undefined);
  if (!answer?.ok) return;
  const live = await answer.json();
  if (live.picture === shown) return;
  shown = live.picture;
  picture.innerHTML = live.picture;
  document.querySelector('[data-leads]').textContent = live.text;
}
if (picture) setInterval(count, 5000);
