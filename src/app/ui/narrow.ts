/** Whether the window is so narrow that rails and drawer are sheets, one at a time. */
export const narrow = matchMedia('(max-width: 900px)')
