// Shows what is wrong with the definition files at the top of any local page, as soon as they are saved.
const shown = document.createElement('aside');
shown.className = 'problems';
shown.setAttribute('role', 'alert');
shown.hidden = true;
document.body.prepend(shown);
let told = '';

async function look() {
  if (document.visibilityState === 'hidden') return;
  const answer = await fetch('/_local/problems').catch(() => undefined);
  if (!answer?.ok) return;
  const { errors, text, inForce } = await answer.json();
  if (text === told && shown.hidden === !errors) return;
  told = text;
  shown.hidden = !errors;
  shown.replaceChildren();
  if (!errors) return;
  const head = document.createElement('strong');
  head.textContent = inForce
    ? `The files as they are saved have errors: version ${inForce.slice(0, 12)} stays in force.`
    : 'The files have errors: nothing is in force yet.';
  const list = document.createElement('pre');
  list.textContent = text;
  list.tabIndex = 0;
  shown.append(head, list);
}

look();
setInterval(look, 2000);
