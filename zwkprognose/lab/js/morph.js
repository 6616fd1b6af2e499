// What is drawn again changes only where it differs: elements, focus and what hangs on them stay.
const morph = (() => {
  const written = new WeakMap(), template = document.createElement("template");

  function inside(host, html) {
    if (written.get(host) === html) return;
    written.set(host, html);
    template.innerHTML = html;
    children(host, template.content);
  }

  function children(old, fresh) {
    const wanted = [...fresh.childNodes], there = [...old.childNodes];
    wanted.forEach((node, k) => { if (there[k]) along(there[k], node); else old.append(node); });
    for (const node of there.slice(wanted.length)) node.remove();
  }

  function along(old, fresh) {
    if (old.nodeName !== fresh.nodeName) old.replaceWith(fresh);
    else if (old.nodeType === Node.TEXT_NODE) text(old, fresh.data);
    else { attributes(old, fresh); children(old, fresh); }
  }

  function attributes(old, fresh) {
    for (const { name, value } of fresh.attributes) attribute(old, name, value);
    if (old.attributes.length > fresh.attributes.length) for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  }

  function text(node, said) { if (node.data !== said) node.data = said; }
  function attribute(element, name, value) { if (element.getAttribute(name) !== value) element.setAttribute(name, value); }

  return { inside, text, attribute };
})();
