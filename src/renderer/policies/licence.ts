/** Whether a licence forbids commercial use, from its SPDX name or the words of a model card. */
const nonCommercial = /\bNC\b|non[- ]?commercial/iu

export const isNonCommercial = (licence: string | null): boolean =>
  licence !== null && nonCommercial.test(licence)
