// What is pressed must still be there when it is let go: a row that moves meanwhile would take the click away.
let letGo = Promise.resolve();

document.addEventListener('pointerdown', () => {
  letGo = new Promise((resolve) => {
    // The click comes right after, so the wait ends after that.
    for (const name of ['pointerup', 'pointercancel', 'dragend']) document.addEventListener(name, () => setTimeout(resolve), { once: true });
  });
});

/** Fulfilled once nothing is pressed. */
export const nothingPressed = () => letGo;
