'use strict';
{
  const answers = JSON.parse(document.getElementById('data').textContent);
  const panel = document.getElementById('step');
  const theme = document.getElementById('theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let chosen = null;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const visible = text => text === '' ? '∅' : text.replaceAll(' ', '␣').replaceAll('\n', '↵').replaceAll('\t', '⇥');
  const percent = share => share > 0 && share < 0.0001 ? '< 0.01 %' : (100 * share).toFixed(share < 0.01 ? 2 : 1) + ' %';

  const table = (heads, rows) => {
    const made = element('table');
    const head = made.createTHead().insertRow();
    for (const name of heads) {
      const cell = element('th', name);
      cell.scope = 'col';
      head.append(cell);
    }
    const body = made.createTBody();
    for (const { cells, isChosen } of rows) {
      const row = body.insertRow();
      if (isChosen) row.className = 'chosen';
      for (const cell of cells) row.insertCell().append(cell);
    }
    return made;
  };

  const bar = share => {
    const made = element('span', undefined, 'bar');
    made.style.width = Math.max(0, 120 * share) + 'px';
    made.setAttribute('aria-hidden', 'true');
    return made;
  };

  const show = button => {
    if (chosen) chosen.setAttribute('aria-pressed', 'false');
    chosen = button;
    chosen.setAttribute('aria-pressed', 'true');
    const token = answers[button.dataset.answer][button.dataset.token];
    const close = element('button', 'Close', 'close');
    close.type = 'button';
    close.addEventListener('click', hide);
    panel.replaceChildren(close, element('h2', `Token ${Number(button.dataset.token) + 1}: ${visible(token.text)}`));
    for (const text of token.explanations) panel.append(element('p', text));
    if (token.candidates.length) {
      const rows = token.candidates.map(candidate => ({ cells: [visible(candidate.text), percent(candidate.probability), bar(candidate.probability)], isChosen: candidate.chosen }));
      if (token.rest > 0) rows.push({ cells: ['others', percent(token.rest), bar(token.rest)], isChosen: false });
      panel.append(element('h3', 'Chosen from'), table(['token', 'probability', ''], rows));
    }
    if (token.stages.length) {
      const rows = token.stages.map(stage => ({
        cells: [stage.name, String(stage.left), stage.removed ? `${stage.removed} with ${percent(stage.removedProbability)}` : '', stage.entropy.toFixed(2),
          stage.first.map(candidate => `${visible(candidate.text)} ${percent(candidate.probability)}`).join('  ')],
        isChosen: false,
      }));
      panel.append(element('h3', 'Stage by stage'), table(['after', 'candidates', 'removed', 'entropy, nats', 'first'], rows));
    }
    panel.hidden = false;
    panel.scrollTop = 0;
    document.body.classList.add('open');
  };

  function hide() {
    panel.hidden = true;
    document.body.classList.remove('open');
    if (chosen) {
      chosen.setAttribute('aria-pressed', 'false');
      chosen.focus();
      chosen = null;
    }
  }

  const move = (button, key) => {
    const all = [...button.parentElement.querySelectorAll('.token')];
    const at = all.indexOf(button);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[key];
    const next = all[Math.min(Math.max(to, 0), all.length - 1)];
    button.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    if (!panel.hidden) show(next);
  };

  document.addEventListener('click', event => {
    const button = event.target.closest('.token');
    if (button) show(button);
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !panel.hidden) hide();
    const button = event.target.closest?.('.token');
    if (button && ['ArrowRight', 'ArrowLeft', 'Home', 'End'].includes(event.key)) {
      event.preventDefault();
      move(button, event.key);
    }
  });

  const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  const name = () => theme.setAttribute('aria-pressed', String(isDark()));
  theme.addEventListener('click', () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    name();
  });
  dark.addEventListener('change', name);
  name();
}
