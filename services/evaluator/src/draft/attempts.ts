/** How often the writer is asked for the same thing: once, and twice more where what it gave has faults. */
export const ATTEMPTS = 3;
