/**
 * meta/tasks.parquet (spec/lerobot.md §1.6). LeRobot reads it with pandas and takes the task strings from the index, so
 * the `pandas` metadata is part of the format, and row i must hold task i.
 */
import { fail, ok, type Result } from '../result.ts'
import { makeTable, type Table, columnValues } from './table.ts'

const pandasMetadata = {
  index_columns: ['task'],
  column_indexes: [
    {
      name: null,
      field_name: null,
      pandas_type: 'unicode',
      numpy_type: 'object',
      metadata: { encoding: 'UTF-8' },
    },
  ],
  columns: [
    {
      name: 'task_index',
      field_name: 'task_index',
      pandas_type: 'int64',
      numpy_type: 'int64',
      metadata: null,
    },
    { name: 'task', field_name: 'task', pandas_type: 'unicode', numpy_type: 'object', metadata: null },
  ],
  creator: { library: 'pyarrow', version: '21.0.0' },
  pandas_version: '2.2.3',
}

/** The table for tasks numbered by their position. */
export function tasksTable(tasks: readonly string[]): Table {
  return makeTable(
    [
      { name: 'task_index', type: 'int64', listDepth: 0, values: tasks.map((_, i) => BigInt(i)) },
      { name: 'task', type: 'string', listDepth: 0, values: tasks },
    ],
    { pandas: JSON.stringify(pandasMetadata) },
  )
}

/** Task strings by task_index, from a file of any LeRobot version (`task`, or `__index_level_0__` up to 0.4). */
export function parseTasks(table: Table): Result<string[]> {
  const indices = columnValues(table, 'task_index')
  const names = columnValues(table, 'task') ?? columnValues(table, '__index_level_0__')
  if (indices === undefined || names === undefined)
    return fail('dataset/damaged', 'meta/tasks.parquet lacks task_index or the task strings')
  const tasks: string[] = []
  for (let row = 0; row < table.rowCount; row += 1) {
    const index = Number(indices[row])
    if (!Number.isInteger(index) || index < 0)
      return fail('dataset/damaged', 'meta/tasks.parquet has a task without a number')
    tasks[index] = String(names[row])
  }
  return ok(Array.from(tasks, (task) => task ?? ''))
}
