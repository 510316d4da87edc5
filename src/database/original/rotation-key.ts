/** One spelling per number, so that two keys never mean the same pointer. Priorities are 32-bit integers at most. */
const priorityForm = /^(?:0|-?[1-9]\d{0,8})$/;

/** What a key of the original's `rr` names: `model|priority`, where the model may contain a bar itself. `undefined` for any other text. */
export const rotationOfKey = (key: unknown): { readonly model: string; readonly priority: number } | undefined => {
  if (typeof key !== 'string') return undefined;
  const bar = key.lastIndexOf('|');
  const priority = key.slice(bar + 1);
  return bar === -1 || !priorityForm.test(priority) ? undefined : { model: key.slice(0, bar), priority: Number(priority) };
};
