export { alone, type CapturedFrame, type Context, RETRANSMISSION } from './frame.ts';
export { type Conversations, createConversations, follow } from './conversations.ts';
export {
  allFields,
  type Dissection,
  dissect,
  frameLength,
  identificationOf,
  isFragment,
  isTunnelled,
} from './dissect.ts';
export { type Segment, segmentOf } from './tcp.ts';
export type { Field, Layer, LayerName } from './sheet.ts';
export { type Columns, columns } from './columns.ts';
export { type FieldChange, type HopChange, hopChange, type HopKind } from './change.ts';
export {
  type Filter,
  type FilterAnswer,
  type FilterFault,
  type FilterWanted,
  parseFilter,
  passes,
} from './filter/filter.ts';
export { FIELDS as FILTER_FIELDS } from './filter/fields.ts';
export {
  addToCapture,
  captureBytes,
  type CaptureFile,
  type CaptureSource,
  createCaptureFile,
  endCapture,
} from './capture-file.ts';
export { type Reason, reasonComment } from './comment.ts';
export { createRecent, recall, type Recent, remember } from './recent.ts';
export { COLUMN, packRow, ROW_WIDTH, unpackRow } from './rows.ts';
