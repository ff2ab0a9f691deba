// Mouse, touch and keys for the point of a live figure, and the picture's text alternative.
//
// The widget lies over the sibling <img>. It owns one invisible handle that sits on the drawn point. Positions
// travel as fractions of the picture. `save_changes` has at most one message under way and afterwards sends
// only the newest state; together with one update per animation frame the last position always wins.

function render({ model, el }) {
  el.classList.add("downhill-overlay");
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = "downhill-handle";
  handle.setAttribute("aria-roledescription", "point that can be dragged");
  el.append(handle);

  const stop = new AbortController();
  const on = (target, name, f) => target.addEventListener(name, f, { signal: stop.signal });
  let img = null;
  let dragging = null; // {id, target, dx, dy}: how far the grip is from the point's centre
  let wanted = null; // the newest position that was not sent yet
  let frame = 0;

  const place = ([across, down]) => {
    handle.style.left = `${100 * across}%`;
    handle.style.top = `${100 * down}%`;
  };
  const follow = () => {
    const at = model.get("handle");
    handle.hidden = at.length === 0;
    if (at.length && !dragging) place(at);
  };
  const tell = () => {
    handle.setAttribute("aria-label", model.get("label"));
    if (img) img.alt = model.get("alt");
  };
  const within = ([across, down]) => {
    const [left, top, right, bottom] = model.get("area");
    return across >= left && across <= right && down >= top && down <= bottom;
  };
  const position = (event) => {
    const box = img.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const send = () => {
    frame = 0;
    if (wanted === null) return;
    model.set("pointer", wanted);
    model.save_changes();
    wanted = null;
  };

  const begin = (event, target, grip) => {
    const [across, down] = position(event);
    const [x, y] = grip ?? [across, down];
    dragging = { id: event.pointerId, target, dx: x - across, dy: y - down };
    target.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    handle.classList.add("downhill-dragging");
    event.preventDefault();
    move(event);
  };
  const move = (event) => {
    if (!dragging || event.pointerId !== dragging.id) return;
    const [across, down] = position(event);
    const [left, top, right, bottom] = model.get("area");
    const x = Math.min(Math.max(across + dragging.dx, left), right);
    const y = Math.min(Math.max(down + dragging.dy, top), bottom);
    wanted = [x, y];
    // Where the point follows a curve only the kernel knows its height; the handle stays under the hand.
    place(wanted);
    if (!frame) frame = requestAnimationFrame(send);
  };
  const end = (event) => {
    if (!dragging || event.pointerId !== dragging.id) return;
    dragging = null;
    handle.classList.remove("downhill-dragging");
    if (frame) cancelAnimationFrame(frame);
    send();
    follow();
  };

  on(handle, "pointerdown", (event) => {
    if (event.button === 0 && img) begin(event, handle, model.get("handle"));
  });
  on(handle, "keydown", (event) => {
    const [right, up] = {
      ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1],
    }[event.key] ?? [0, 0];
    if (!right && !up) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would move to another cell
    const far = event.shiftKey ? 10 : 1;
    const [x, y] = model.get("nudge");
    model.set("nudge", [x + far * right, y + far * up]); // counted from the beginning: none gets lost
    model.save_changes();
  });
  for (const name of ["pointermove"]) on(handle, name, move);
  for (const name of ["pointerup", "pointercancel"]) on(handle, name, end);

  // The picture may join the page after this widget does.
  const adopt = () => {
    const stage = el.closest(".downhill-stage");
    const found = stage && stage.querySelector("img");
    if (!found || found === img) return;
    img = found;
    img.draggable = false;
    on(img, "pointermove", move);
    on(img, "pointerup", end);
    on(img, "pointercancel", end);
    on(img, "pointerdown", (event) => {
      // A finger on the picture scrolls the page; it drags only on the handle.
      if (event.button !== 0 || event.pointerType === "touch" || handle.hidden) return;
      if (within(position(event))) begin(event, img, null);
    });
    const caption = el.closest(".downhill-figure")?.querySelector(".downhill-caption");
    caption?.setAttribute("role", "status");
    caption?.setAttribute("aria-live", "polite");
    tell();
    watch.disconnect();
  };
  const watch = new MutationObserver(adopt);
  watch.observe(document.body, { childList: true, subtree: true });
  adopt();

  model.on("change:handle", follow);
  model.on("change:alt", tell);
  model.on("change:label", tell);
  follow();
  tell();
  return () => {
    stop.abort();
    watch.disconnect();
    if (frame) cancelAnimationFrame(frame);
    model.off("change:handle", follow);
    model.off("change:alt", tell);
    model.off("change:label", tell);
  };
}

export default { render };
