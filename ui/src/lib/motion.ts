/** Whether things may move: the system's wish, asked each time because it may change. */
export const isMotionWanted = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches;
