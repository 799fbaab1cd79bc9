/** The package manager of the workspace, in the one version that it is installed and packed with. */
export const PNPM = 'pnpm@12.21.0';
