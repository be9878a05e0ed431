/** Fault codes in English. Say what is so, then what to do. */
import type { FaultTexts } from './fault-text.ts'

export const faultsEn: FaultTexts = {
  'contract/invalid-request': {
    what: 'The request does not fit',
    todo: 'Check the values and try again. If it comes back, copy the problem report.',
  },
  'contract/unknown-member': {
    what: 'This page asks for something the hosts do not know',
    todo: 'Reload the page: it belongs to another version.',
  },
  'contract/version-mismatch': {
    what: 'Page and hosts are of different versions',
    todo: 'Reload the page.',
  },
  'contract/closed': {
    what: 'The connection to Foresight is gone',
    todo: 'It is tried again by itself. If the arm moves, use its power switch.',
  },
  'contract/cancelled': { what: 'Cancelled', todo: 'Nothing was changed.' },
  'contract/internal': {
    what: 'Something inside failed',
    todo: 'Copy the problem report under Settings. The arm keeps its state.',
  },
  'bus/timeout': {
    what: 'A servo did not answer in time',
    todo: 'Check the cable and the power of the arm.',
  },
  'bus/corrupt': {
    what: 'Damaged packets on the bus',
    todo: 'Check plugs and cable, and keep it away from motor power.',
  },
  'bus/closed': { what: 'The port was closed', todo: 'Plug the arm in again, then reconnect.' },
  'bus/port-missing': {
    what: 'The port is not there',
    todo: 'Plug the arm in. On a virtual machine, pass the USB device through.',
  },
  'bus/port-busy': {
    what: 'Another program uses the port',
    todo: 'Close the other program, then connect again.',
  },
  'bus/port-denied': {
    what: 'No permission for the port',
    todo: 'Add your user to the group of the port (dialout or uucp), log in again.',
  },
  'bus/no-reply': {
    what: 'No servo answers',
    todo: 'Check the power supply, the baud rate and the plug at the first servo.',
  },
  'bus/wrong-model': {
    what: 'The servos are of another model',
    todo: 'Choose the robot type that fits, or the other port.',
  },
  'bus/servo-error': {
    what: 'A servo reports an error',
    todo: 'Let it cool, check the voltage and that nothing blocks it, then reconnect.',
  },
  'bus/out-of-range': {
    what: 'A value is outside of what the servo takes',
    todo: 'Check the calibration of this arm.',
  },
  'arm/calibration-missing': {
    what: 'No calibration for this arm',
    todo: 'Choose a LeRobot calibration file under Rig.',
  },
  'arm/calibration-invalid': {
    what: 'The calibration file cannot be used',
    todo: 'Choose another file under Rig, or calibrate again.',
  },
  'arm/calibration-mismatch': {
    what: 'The servos hold another calibration than the file',
    todo: 'Compare them under Rig, then write the file into the servos or choose the file that fits.',
  },
  'arm/torque-failed': {
    what: 'Torque could not be switched',
    todo: 'Keep hands clear. Use the power switch of the arm if it must be loose.',
  },
  'control/not-allowed': { what: 'Not possible in this state', todo: 'See which keys are ready below.' },
  'control/not-leased': {
    what: 'Another page drives',
    todo: 'Take control here first, or use the page that drives. Stop works from any page.',
  },
  'control/not-connected': { what: 'No rig is connected', todo: 'Connect one under Rig.' },
  'control/bad-action': {
    what: 'A goal was not a usable number',
    todo: 'It was not sent. Look at the source that drove the arm.',
  },
  'control/coming-to-rest': { what: 'The arm is coming to rest', todo: 'Ask again when it holds.' },
  'control/keep-clear': {
    what: 'First torque of this session',
    todo: 'Step back, then confirm that the arm is clear.',
  },
  'control/stop-asked': {
    what: 'You stopped the motion',
    todo: 'The arm holds. Engage or resume when you are ready.',
  },
  'control/hold-asked': { what: 'You asked to hold', todo: 'Hold Space to go on with whoever drove.' },
  'control/e-stop-asked': { what: 'You cut the torque', todo: 'Lay the arm down, then power it up.' },
  'control/servo-silent': {
    what: 'A servo does not answer',
    todo: 'Push in the cable before that joint, both ends, then engage again.',
  },
  'control/packets-lost': {
    what: 'Too many packets are lost',
    todo: 'Check plugs and cable of that arm, then engage again.',
  },
  'control/leader-lost': {
    what: 'The leader does not answer',
    todo: 'Check its cable and power, then engage again.',
  },
  'control/page-silent': {
    what: 'The page that drives fell silent',
    todo: 'The arm holds. Engage again from a page that responds.',
  },
  'control/no-stop-key': {
    what: 'No stop key could reach the arm',
    todo: 'Click into this window so that Esc arrives, then engage again.',
  },
  'control/servo-hot': { what: 'A servo is too hot', todo: 'Let it cool below 55 °C, then engage again.' },
  'control/servo-overload': {
    what: 'A servo is overloaded',
    todo: 'Free the joint and take the weight off it, then engage again.',
  },
  'control/servo-voltage': {
    what: 'The supply voltage is out of range',
    todo: 'Check the power supply and its plug, then engage again.',
  },
  'control/servo-sensor': {
    what: 'A servo reports a sensor error',
    todo: 'Switch the arm off and on. If it comes back, replace that servo.',
  },
  'control/servo-reset': {
    what: 'A servo lost its torque by itself',
    todo: 'The other joints hold. Support the arm, check its plug and supply, then engage again.',
  },
  'control/following-error': {
    what: 'A joint is stuck or pushed',
    todo: 'Free the arm at that joint, then engage again.',
  },
  'control/misaligned': {
    what: 'The leader stands elsewhere than the arm',
    todo: 'It aligns slowly first. Keep the leader still.',
  },
  'control/pose-out-of-range': {
    what: 'The arm lies outside of its range',
    todo: 'Move it by hand into its range, or check the calibration.',
  },
  'control/limit-violation': {
    what: 'A goal broke the limits',
    todo: 'The arm holds. Copy the problem report; this must not happen.',
  },
  'control/no-policy': { what: 'No policy is chosen', todo: 'Load one under Policies.' },
  'control/main-lost': {
    what: 'The main process went away',
    todo: 'The arm came to rest and holds. Engage again.',
  },
  'control/held-since': {
    what: 'The arm holds since an earlier run',
    todo: 'Engage, or end the session to let go of it.',
  },
  'record/no-dataset': { what: 'No dataset is chosen', todo: 'Name the dataset and the task first.' },
  'record/dataset-gone': {
    what: 'The dataset’s folder is gone',
    todo: 'The take is safe. Put the folder back or choose another dataset, then keep it.',
  },
  'record/not-recording': { what: 'No take is open', todo: 'Start one first.' },
  'record/busy': { what: 'A take is still open', todo: 'Save or discard it first.' },
  'record/rig-mismatch': {
    what: 'This dataset was made with another rig',
    todo: 'Connect that rig, or choose a new dataset.',
  },
  'record/disk-full': {
    what: 'The disk is full',
    todo: 'Free some space, then try again. What was saved, and the take so far, are safe on disk.',
  },
  'record/read-only': {
    what: 'The dataset folder cannot be written',
    todo: 'Give write permission or choose another dataset; then keep takes that wait.',
  },
  'record/camera-missing': {
    what: 'A camera of this rig gives no picture',
    todo: 'Check its cable and that this page may use it, or remove it under Rig.',
  },
  'record/stopped': {
    what: 'The take was closed because the arm stopped',
    todo: 'It is safe on disk: keep it or discard it.',
  },
  'record/io': {
    what: 'Writing the take failed',
    todo: 'Check the disk. The take is kept up to its last flush.',
  },
  'dataset/not-a-dataset': {
    what: 'This folder is no LeRobot dataset',
    todo: 'Choose the folder that holds meta/info.json; to record, a new or an empty one.',
  },
  'dataset/newer': {
    what: 'The dataset is of a newer format',
    todo: 'Update Foresight, or choose a dataset of format v3.0.',
  },
  'dataset/older': {
    what: 'The dataset is of an older format',
    todo: 'Convert it to v3.0 with LeRobot first.',
  },
  'dataset/damaged': {
    what: 'Parts of the dataset are damaged',
    todo: 'Copy it again from its source. Nothing was changed here.',
  },
  'dataset/not-found': { what: 'It is not there any more', todo: 'Look whether it was moved or deleted.' },
  'dataset/unplayable': {
    what: 'This video cannot be decoded here',
    todo: 'Open it in a browser that has this codec, or convert the dataset to H.264.',
  },
  'dataset/no-decoder': {
    what: 'There is no video decoder for the command line',
    todo: 'Install ffmpeg, or evaluate in Review.',
  },
  'dataset/io': {
    what: 'Reading or writing the dataset failed',
    todo: 'Check the disk and the permissions.',
  },
  'policy/not-found': {
    what: 'There is no policy here',
    todo: 'Choose the folder that holds config.json and the weights. It may have been moved.',
  },
  'policy/not-onnx': {
    what: 'This file is no ONNX model',
    todo: 'Export the policy as ONNX and import it again.',
  },
  'policy/bad-manifest': {
    what: 'The manifest of the policy cannot be used',
    todo: 'Correct the line that is named, then load it again.',
  },
  'policy/wrong-shape': {
    what: 'The model answers in another shape than its manifest says',
    todo: 'Correct chunk length and action names in the manifest.',
  },
  'policy/not-finite': {
    what: 'The policy answered something that is no number',
    todo: 'The arm holds. Take over, or load another policy.',
  },
  'policy/out-of-range': {
    what: 'The policy asked for a pose out of reach',
    todo: 'The arm holds. Take over, or check the units of the policy.',
  },
  'policy/contract-mismatch': {
    what: 'The policy does not fit this rig',
    todo: 'See the contract check under Policies.',
  },
  'policy/load-failed': {
    what: 'The policy could not be loaded',
    todo: 'Look at the reason under Policies. Memory may be short.',
  },
  'policy/timeout': {
    what: 'The policy was too late',
    todo: 'The arm holds. Take over, or give again when it is ready.',
  },
  'policy/too-slow': {
    what: 'The policy is slower than its own chunks',
    todo: 'Under Policies, let chunks run one after another, or choose a faster processor or precision.',
  },
  'policy/not-ready': { what: 'The policy is not ready', todo: 'Wait until it is warm.' },
  'policy/used-up': {
    what: 'The policy ran out of actions',
    todo: 'The arm holds. Take over, or give again.',
  },
  'policy/first-action-far': {
    what: 'The first action of the policy is far from here',
    todo: 'Move the arm closer to where the policy begins, then give again.',
  },
  'policy/checkpoint-damaged': {
    what: 'The checkpoint is damaged',
    todo: 'Download it again; pointers of Git LFS become files by git lfs pull. The reason names the file.',
  },
  'policy/checkpoint-incomplete': {
    what: 'The checkpoint lacks tensors',
    todo: 'Give the complete checkpoint, not a LoRA or a part of it.',
  },
  'policy/unknown-architecture': {
    what: 'This kind of checkpoint is not known',
    todo: 'Load an InternVLA-A1 checkpoint, or an ONNX policy with a manifest.',
  },
  'policy/checkpoint-lora': {
    what: 'This checkpoint holds only an adapter',
    todo: 'Merge the LoRA into its base model, then import the merged checkpoint.',
  },
  'policy/checkpoint-changed': {
    what: 'The checkpoint has changed since it was imported',
    todo: 'Import it again.',
  },
  'policy/statistics-mismatch': {
    what: 'The statistics do not belong to this robot or action mode',
    todo: 'Choose the robot the checkpoint was trained on, or give its own stats.json.',
  },
  'policy/no-tokenizer': {
    what: 'There is no tokenizer for the instruction',
    todo: 'Put tokenizer.json of Qwen3-VL-2B-Instruct (2B: InternVL3-1B) beside the checkpoint and import again.',
  },
  'policy/bad-instruction': {
    what: 'The policy cannot read this instruction',
    todo: 'Write the task in plain words, without special tokens.',
  },
  'policy/no-memory': {
    what: 'The policy does not fit into memory',
    todo: 'Choose a smaller precision, or free memory. The reason says how much is needed.',
  },
  'policy/provider-failed': {
    what: 'The processor chosen for the policy gave up',
    todo: 'The arm holds. Choose another one under Policies, for instance the CPU.',
  },
  'policy/provider-unavailable': {
    what: 'The processor chosen for the policy is not there',
    todo: 'See under Policies what is missing, or choose another one.',
  },
  'policy/pictures-stopped': {
    what: 'The policy gets no pictures',
    todo: 'The arm holds. Look at the cameras; the capture page must be open.',
  },
  'policy/host-down': {
    what: 'The program that runs policies ended',
    todo: 'The arm holds. It starts again and loads the policy by itself; then give it the arm again.',
  },
  'policy/runner-died': {
    what: 'The policy’s process ended by itself',
    todo: 'The arm holds. It starts again; load the policy, or choose another processor.',
  },
  'policy/busy': { what: 'Another job is running on this policy', todo: 'Wait for it, or cancel it.' },
  'policy/conversion-failed': {
    what: 'The weights could not be converted',
    todo: 'See the reason. A conversion goes on where it stopped.',
  },
  'policy/remote-unreachable': {
    what: 'The policy server cannot be reached',
    todo: 'Start it, and look at its address and port. It is tried again by itself; an arm that it drove holds.',
  },
  'policy/remote-refused': {
    what: 'The policy server refused',
    todo: 'The reason is the server’s own. Look at its log and at the key.',
  },
  'policy/remote-protocol': {
    what: 'The policy server speaks another language',
    todo: 'Use a server with openpi’s WebSocket protocol.',
  },
  'policy/case-invalid': {
    what: 'The case cannot be used',
    todo: 'See the reason: it names the file and the tensor.',
  },
  'sim/not-available': {
    what: 'The simulator is not running',
    todo: 'It is started again by itself. Wait a moment.',
  },
  'sim/pty-unavailable': {
    what: 'No pseudo-terminals here',
    todo: 'Install a C++ compiler and run npm rebuild, or go without --pty.',
  },
  'sim/unreachable-pose': { what: 'The arm cannot reach there', todo: 'Move the hand closer to the base.' },
  'capture/denied': {
    what: 'This page may not use the camera',
    todo: 'Allow the camera for this page in the browser, then reload.',
  },
  'capture/lost': {
    what: 'The capturing page or a camera went away',
    todo: 'Keep or discard the take. Check the camera before the next one.',
  },
  'capture/encoder': {
    what: 'The video encoder failed',
    todo: 'Keep or discard the take, then reload the page.',
  },
  'shell/host-down': {
    what: 'A part of Foresight is not running',
    todo: 'It is started again by itself. If the arm moves, use its power switch.',
  },
  'shell/settings-invalid': {
    what: 'The settings could not be used',
    todo: 'They were put aside; the defaults are in force.',
  },
  'shell/not-found': { what: 'It was not found', todo: 'Check the name.' },
  'shell/io': { what: 'A file could not be read or written', todo: 'Check the disk and the permissions.' },
}
