/** The form that names dataset, task and operator: text as typed → a choice the recorder takes, or what is wrong with it. */
import { datasetChoice, type DatasetChoice } from '#contract/services/record.ts'

export interface DatasetForm {
  readonly dataset: string
  readonly task: string
  readonly operator: string
  readonly goal: string
}

export type DatasetField = keyof DatasetForm

export type FormReading =
  | { readonly isValid: true; readonly choice: DatasetChoice }
  | { readonly isValid: false; readonly wrong: ReadonlySet<DatasetField> }

export function readDatasetForm(form: DatasetForm): FormReading {
  const goal = form.goal.trim() === '' ? null : Number(form.goal)
  const parsed = datasetChoice.safeParse({
    dataset: form.dataset.trim(),
    task: form.task.trim(),
    operator: form.operator.trim(),
    goal,
  })
  if (parsed.success) return { isValid: true, choice: parsed.data }
  const wrong = new Set<DatasetField>()
  for (const issue of parsed.error.issues) {
    const [field] = issue.path
    if (field === 'dataset' || field === 'task' || field === 'operator' || field === 'goal') wrong.add(field)
  }
  return { isValid: false, wrong }
}
