export declare const pinnedMajor: number
export declare function pinnedNode(root: string, platform?: string, arch?: string): string | null
export declare function isPinned(version?: string): boolean
