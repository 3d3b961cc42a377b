// Sends the forms that are marked with data-fetch by script; without script they are plain forms all the same.
for (const form of document.querySelectorAll('form[data-fetch]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clearErrors(form);
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      await answered(form, await post(form));
    } catch {
      tell(form, form.dataset.offline, true);
    } finally {
      button.disabled = false;
    }
  });
}

function post(form) {
  return fetch(form.action, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(new FormData(form)),
  });
}

async function answered(form, response) {
  if (response.ok) {
    tell(form, form.dataset.thanks, false);
    form.reset();
    // The next post from here is another submission.
    form.elements.idempotency_key.value = crypto.randomUUID();
    return;
  }
  const problem = await response.json();
  for (const { field, message } of problem.errors ?? []) markField(form, field, message);
  tell(form, problem.detail ?? problem.title, true);
  form.querySelector('[aria-invalid="true"]')?.focus();
}

function markField(form, name, message) {
  const input = form.elements[name];
  if (!input) return;
  const line = document.createElement('p');
  line.className = 'field-error';
  line.id = `${input.id}-error`;
  line.textContent = message;
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-describedby', line.id);
  input.insertAdjacentElement('afterend', line);
}

function clearErrors(form) {
  for (const line of form.querySelectorAll('.field-error')) line.remove();
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  }
}

function tell(form, text, bad) {
  const line = form.querySelector('[role="status"]');
  line.textContent = text;
  line.className = bad ? 'notice bad' : 'notice';
}
