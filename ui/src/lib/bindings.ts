// Written by `cargo xtask bindings` from src-tauri/src/view and action.rs. Do not edit.

export type Action = { "do": "touch" } | { "do": "chooseLanguage", 
/**
 * To this.
 */
language: Language, } | { "do": "chooseAppearance", 
/**
 * To this.
 */
appearance: Appearance, } | { "do": "openHelp" } | { "do": "back" } | { "do": "cancel" } | { "do": "begin", 
/**
 * The partner's id of the customer, if staff know it.
 */
customerId: string | null, } | { "do": "agree" } | { "do": "decline" } | { "do": "shutter" } | { "do": "tryAgain" } | { "do": "unlockSelfie" } | { "do": "oneMoreTry" } | { "do": "withoutGestures" } | { "do": "beginFlash" } | { "do": "skipFlash" } | { "do": "flashShown", 
/**
 * Its place in the order, 0 for the first.
 */
index: number, } | { "do": "flashDone" } | { "do": "correct", 
/**
 * Key of the field.
 */
key: string, 
/**
 * What was typed or chosen.
 */
value: string, } | { "do": "undo" } | { "do": "showNik", 
/**
 * Show it.
 */
isShown: boolean, } | { "do": "accept" } | { "do": "retake" } | { "do": "goOn" } | { "do": "finish" } | { "do": "openQueue" } | { "do": "openItem", 
/**
 * Its name; `None` closes.
 */
id: string | null, } | { "do": "retryItem", 
/**
 * Its name.
 */
id: string, } | { "do": "sendNow" } | { "do": "exportItem", 
/**
 * Its name.
 */
id: string, } | { "do": "discardItem", 
/**
 * Its name.
 */
id: string, 
/**
 * The PIN.
 */
pin: string, 
/**
 * Why, for the audit chain.
 */
reason: string, } | { "do": "openSettings" } | { "do": "enterPin", 
/**
 * Six digits.
 */
pin: string, } | { "do": "saveSettings", 
/**
 * All of them.
 */
values: SettingsValues, } | { "do": "changePin" } | { "do": "diagnose" } | { "do": "exportSupport" } | { "do": "setDemoOnline", 
/**
 * It does.
 */
isOnline: boolean, } | { "do": "playScene", 
/**
 * A name of `DemoView::scenes`.
 */
scene: string, };

export type AppView = { 
/**
 * Counts up with every change: an older view never replaces a newer one.
 */
revision: number, 
/**
 * Version of the application.
 */
version: string, 
/**
 * Who sits in front of it.
 */
mode: Mode, 
/**
 * The language chosen now.
 */
language: Language, 
/**
 * How it looks.
 */
theme: ThemeView, 
/**
 * Whether the partner can be reached, known from real calls.
 */
link: LinkView, 
/**
 * How many captures are in which state; `None` when there is no queue to count.
 */
counts: CountsView | null, 
/**
 * Only in a demo: its switches.
 */
demo: DemoView | null, 
/**
 * Only while the session is about to be wiped for want of a person.
 */
idle: IdleView | null, 
/**
 * Something to say once, such as "the data on this screen was wiped".
 */
notice: Notice | null, 
/**
 * The screen.
 */
screen: ScreenView, };

export type Appearance = "system" | "light" | "dark" | "contrast";

export type CameraChoiceView = { 
/**
 * What it is chosen by; stays the same when it is plugged in again.
 */
key: string, 
/**
 * Its name.
 */
name: string, 
/**
 * A virtual camera.
 */
isVirtual: boolean, 
/**
 * An infrared camera.
 */
isInfrared: boolean, };

export type CameraProblem = "absent" | "unplugged" | "silent" | "busy" | "denied" | "corrupt" | "noUsableMode" | "virtualRefused" | "failed";

export type CameraView = { "state": "starting" } | { "state": "live", 
/**
 * Its name.
 */
name: string, 
/**
 * Width of a frame in pixels.
 */
widthPx: number, 
/**
 * Height of a frame in pixels.
 */
heightPx: number, 
/**
 * Frames a second, as measured.
 */
fps: number, 
/**
 * A virtual camera: recognised by name or driver.
 */
isVirtual: boolean, } | { "state": "lost", 
/**
 * What is wrong.
 */
problem: CameraProblem, 
/**
 * Its name, if one was chosen.
 */
name: string | null, };

export type CardView = { 
/**
 * Where we are.
 */
step: StepView, 
/**
 * The camera; frames come from the command `frame`.
 */
camera: CameraView, 
/**
 * The one thing to do now.
 */
hint: HintView, 
/**
 * The card's corners in the card's own order (top left, top right, bottom right, bottom left), if one was found.
 */
quad: [PointView, PointView, PointView, PointView] | null, 
/**
 * What is wrong, where it is wrong.
 */
regions: Array<RegionView>, 
/**
 * How far the ring has closed, 0–1.
 */
hold: number, 
/**
 * Whether help is offered: no progress for a while.
 */
offersHelp: boolean, 
/**
 * Whether the button to take the picture by hand is shown.
 */
offersShutter: boolean, 
/**
 * Failed tries so far.
 */
failedTries: number, 
/**
 * After a failed try: what was wrong with it.
 */
retry: RetryView | null, 
/**
 * Why the partner wants another picture: a reason code. `None` on the first one.
 */
again: string | null, 
/**
 * Numbers for staff who asked for them.
 */
measures: MeasuresView | null, };

export type CheckView = { 
/**
 * Its name: `antiSpoof` or `tamper`.
 */
name: string, 
/**
 * Whether it passed; `None` if it was not decided.
 */
hasPassed: boolean | null, 
/**
 * Its voters.
 */
voters: Array<VoterView>, };

export type ConsentView = { 
/**
 * Version of the text that is agreed to; recorded with the time.
 */
textVersion: string, 
/**
 * What will be captured.
 */
flow: FlowView, 
/**
 * The partner the data go to; `None` before a gateway is set.
 */
recipient: string | null, 
/**
 * Days a receipt stays on this machine; `None` is without end.
 */
receiptDays: number | null, 
/**
 * Days a capture that the partner refused stays on this machine; `None` is without end.
 */
captureDays: number | null, };

export type CopyView = { 
/**
 * Indonesian.
 */
id: string, 
/**
 * English.
 */
en: string, };

export type CountsView = { 
/**
 * Not sent yet.
 */
waiting: number, 
/**
 * Sent, answer unknown.
 */
sending: number, 
/**
 * Receipt stored, capture destroyed.
 */
delivered: number, 
/**
 * A person decides.
 */
parked: number, };

export type DemoView = { 
/**
 * Whether the stand-in partner answers.
 */
isOnline: boolean, 
/**
 * The scene the simulated camera plays; `None` with a real camera.
 */
scene: string | null, 
/**
 * The scenes there are.
 */
scenes: Array<string>, };

export type DiagnosticHealth = "good" | "poor" | "bad";

export type DiagnosticPart = "folder" | "disk" | "key" | "queue" | "models" | "camera" | "gateway" | "secrets";

export type DiagnosticView = { 
/**
 * Which part.
 */
part: DiagnosticPart, 
/**
 * How it is.
 */
health: DiagnosticHealth, 
/**
 * What was found, for whoever mends it; in the system's words.
 */
detail: string, };

export type Direction = "left" | "right" | "up" | "down";

export type FaceOutcomeView = { 
/**
 * The partner's tier for it, `high`, `standard` or `low`; `None` until there is a receipt.
 */
tier: string | null, 
/**
 * Whether flash evidence was part of it.
 */
flash: FlashOutcome, 
/**
 * What this device makes of it; `None` once only the receipt is left.
 */
verdict: FaceVerdict | null, 
/**
 * Vote by vote.
 */
votes: Array<FaceVoteView>, 
/**
 * Whether staff let the gestures be left out.
 */
isWithoutGestures: boolean, 
/**
 * The partner's check of it, once there is a receipt.
 */
check: CheckView | null, };

export type FaceVerdict = "live" | "spoof" | "unclear";

export type FaceVoteView = { 
/**
 * Whose.
 */
voter: FaceVoter, 
/**
 * What.
 */
outcome: VoteOutcome, };

export type FaceVoter = "challengeResponse" | "flashReflectance" | "flashDepth" | "silentPassive" | "screenPattern" | "motionParallax" | "streamIntegrity" | "faceContinuity" | "faceGrain";

export type FailedTryView = { 
/**
 * Why.
 */
reason: SelfieFailure, 
/**
 * Tries left before staff are needed, at least 1.
 */
triesLeft: number, };

export type FieldProblem = "empty" | "notSixteenDigits" | "notADate" | "notRtRw" | "unknownWord" | "notPrintable";

export type FieldView = { 
/**
 * Key of `ktp::Field`, such as `fullName`.
 */
key: string, 
/**
 * The value as it will be sent, normalised; `None` if nobody knows it. A NIK is masked unless it is shown.
 */
value: string | null, 
/**
 * What was read, if a person corrected it.
 */
original: string | null, 
/**
 * Whether a person should look at it.
 */
needsCheck: boolean, 
/**
 * Whether it must be there.
 */
isRequired: boolean, 
/**
 * The words it is chosen from, if there are only so many.
 */
choices: Array<string>, 
/**
 * Its place on the straightened card, if known: outline as shares of that picture.
 */
place: [PointView, PointView, PointView, PointView] | null, 
/**
 * Why the last correction was not taken, if it was not.
 */
rejected: FieldProblem | null, };

export type FixView = { 
/**
 * The field, a key.
 */
key: string, 
/**
 * Its value then.
 */
value: string, };

export type FlashOutcome = "played" | "declined" | "offline" | "notSeen" | "off";

export type FlashStepView = { 
/**
 * Red, 0–255.
 */
r: number, 
/**
 * Green, 0–255.
 */
g: number, 
/**
 * Blue, 0–255.
 */
b: number, 
/**
 * How long it is shown. Never less than was asked for, and never so short that the screen flashes more than
 * three times a second.
 */
holdMs: number, };

export type FlashSubject = "card" | "face";

export type FlashView = { "phase": "announced", 
/**
 * What is lit.
 */
subject: FlashSubject, 
/**
 * Where we are.
 */
step: StepView, 
/**
 * How long it will take.
 */
seconds: number, 
/**
 * Begins by itself after this many milliseconds; the way without flash stays open until then.
 */
beginsInMs: number, } | { "phase": "playing", 
/**
 * What is lit.
 */
subject: FlashSubject, 
/**
 * The colours in the order that was asked for.
 */
steps: Array<FlashStepView>, };

export type FlowView = "ktpScan" | "selfieLiveness" | "identityVerification";

export type GestureCode = "blink" | "turnLeft" | "smile";

export type GesturePromptView = { 
/**
 * What to do.
 */
gesture: GestureCode, 
/**
 * Which one it is, 1 for the first.
 */
number: number, 
/**
 * Of how many.
 */
of: number, 
/**
 * Share of its time that is over, 0–1.
 */
spent: number, 
/**
 * Whether it was missed before and is asked for once more.
 */
isSecondTry: boolean, };

export type HelpTopic = "general" | "card" | "selfie" | "review" | "queue";

export type HelpView = { 
/**
 * The screen it was asked on.
 */
topic: HelpTopic, };

export type HintCode = "cameraLost" | "noCard" | "otherDocument" | "backSide" | "upsideDown" | "cutOff" | "tooFar" | "tooClose" | "tilted" | "obstructed" | "glare" | "tooDark" | "tooBright" | "blurry" | "moving" | "hold" | "captured";

export type HintView = { 
/**
 * Which.
 */
code: HintCode, 
/**
 * `cutOff`: where to move the card. `glare`: where to tilt away from.
 */
direction: Direction | null, 
/**
 * `obstructed`, `glare`: the fields that are hidden, keys of `ktp::Field`.
 */
fields: Array<string>, };

export type HistoryView = { 
/**
 * When, RFC 3339.
 */
at: string, 
/**
 * What: a word of the queue's audit chain, such as `accepted`, `attempt_began`, `deferred`, `parked`.
 */
event: string, 
/**
 * Why: a word.
 */
reason: string | null, };

export type IdleView = { 
/**
 * Whole seconds left.
 */
secondsLeft: number, };

export type IssueView = { 
/**
 * Code of `ktp::IssueCode`, such as `nik_birth_date_differs`.
 */
code: string, 
/**
 * Whether a person must look, or may.
 */
isWarning: boolean, 
/**
 * The fields it is about, keys.
 */
fields: Array<string>, 
/**
 * A value that would settle it, where we are sure.
 */
fix: FixView | null, };

export type ItemState = "waiting" | "sending" | "inReview" | "done" | "needsYou";

export type Language = "id" | "en";

export type LinkView = "notSet" | "unknown" | "online" | "offline";

export type MeasuresView = { 
/**
 * Milliseconds one analysis takes.
 */
analysisMs: number, 
/**
 * Width of the card as a share of the frame's.
 */
widthShare: number, 
/**
 * Perspective in degrees.
 */
tiltDegrees: number, 
/**
 * Sharpness of the text, 0–1.
 */
sharpness: number, 
/**
 * Median luma of the card, 0–1.
 */
brightness: number, 
/**
 * Share of the card washed out, 0–1.
 */
glare: number, 
/**
 * Share of the card covered, 0–1.
 */
covered: number, };

export type Mode = "staff" | "selfService" | "field";

export type ModelView = { 
/**
 * Its name in the manifest.
 */
name: string, 
/**
 * The first twelve hex digits of its digest: enough to tell two releases apart by eye.
 */
sha256: string, 
/**
 * Size of its file.
 */
sizeBytes: number, };

export type ModelsView = { "state": "ready", 
/**
 * In the manifest's order.
 */
models: Array<ModelView>, } | { "state": "unavailable", 
/**
 * What was found instead.
 */
detail: string, };

export type Notice = "wiped" | "cancelled" | "declined" | "settingsSaved" | "exported" | "notNow" | "wrongPin" | "noPin" | "launchRefused";

export type OneKycView = { 
/**
 * `COMPLETED`, `ERROR`, …
 */
status: string, 
/**
 * `VALID` or `INVALID`, once it is decided.
 */
result: string | null, 
/**
 * Such as `NOT_EKTP`.
 */
reasonCode: string | null, 
/**
 * The correlation id.
 */
correlationId: string, };

export type OpeningView = { 
/**
 * Version, models, queue, and what is wrong with them.
 */
status: StatusView, };

export type OutcomeResult = "verified" | "review" | "processing" | "queued" | "refused" | "failed";

export type OutcomeView = { 
/**
 * The one sentence.
 */
result: OutcomeResult, 
/**
 * The queue's name for it; `None` if nothing was kept.
 */
item: string | null, 
/**
 * The partner's reference, if there is a receipt.
 */
reference: string | null, 
/**
 * `high`, `standard` or `low`, for staff.
 */
tier: string | null, 
/**
 * Checks and their voters, for staff; empty in self-service.
 */
checks: Array<CheckView>, 
/**
 * Why it was refused or postponed: a word.
 */
reason: string | null, 
/**
 * Whether flash evidence was part of it.
 */
flash: FlashOutcome, 
/**
 * What became of the face, for staff; `None` if none was captured.
 */
face: FaceOutcomeView | null, 
/**
 * What is offered to be captured again, in the same visit; `None` if that would not help.
 */
retake: RetakeView | null, 
/**
 * OneKYC's own words, for staff; `None` of other partners.
 */
onekyc: OneKycView | null, 
/**
 * Goes back to the start by itself after so many seconds; `None` never.
 */
leavesInS: number | null, };

export type PartnerThemeView = { 
/**
 * Name shown beside the logo.
 */
name: string, 
/**
 * Accent on light surfaces.
 */
accent: string, 
/**
 * Accent on dark surfaces.
 */
accentDark: string, 
/**
 * Font family; must be installed, else the bundled one is used.
 */
font: string | null, 
/**
 * Whether the command `logo` gives a picture.
 */
hasLogo: boolean, 
/**
 * Words that replace ours, by key of the window's table of words, per language.
 */
copy: { [key in string]: CopyView }, };

export type PinPurpose = "choose" | "settings" | "leaveKiosk" | "selfieLock";

export type PinView = { 
/**
 * What it opens.
 */
purpose: PinPurpose, 
/**
 * Whether the last one was wrong.
 */
isWrong: boolean, 
/**
 * Seconds until another may be tried; 0 at once.
 */
lockedS: number, };

export type PointView = { 
/**
 * From the left.
 */
x: number, 
/**
 * From the top.
 */
y: number, };

export type QueueItemDetailView = { 
/**
 * The item.
 */
item: QueueItemView, 
/**
 * What was said about the reason: the partner's words, or those of who discarded it.
 */
remark: string | null, 
/**
 * How far the partner trusts the card: `high`, `standard`, `low`; `None` until there is a receipt that says so.
 */
tier: string | null, 
/**
 * The same of the face.
 */
faceTier: string | null, 
/**
 * What happened to it, oldest first.
 */
history: Array<HistoryView>, 
/**
 * Whether it can be tried again now.
 */
canRetry: boolean, 
/**
 * Whether it can be discarded (asks for a PIN and a reason).
 */
canDiscard: boolean, };

export type QueueItemView = { 
/**
 * The queue's name for it.
 */
id: string, 
/**
 * The partner's id of the customer.
 */
customerId: string, 
/**
 * Its state.
 */
state: ItemState, 
/**
 * When it was taken, RFC 3339.
 */
capturedAt: string, 
/**
 * When it is tried next, RFC 3339.
 */
nextAttemptAt: string | null, 
/**
 * How often sending was begun.
 */
attempts: number, 
/**
 * Why it was postponed or parked last: a word such as `timed_out`, `unknown_customer`.
 */
reason: string | null, 
/**
 * The partner's verdict, once there is a receipt: `passed`, `review`, `failed`.
 */
verdict: string | null, };

export type QueueProblem = "keyMissing" | "keyUnavailable" | "wrongKey" | "damaged" | "newerVersion" | "diskFull" | "busy" | "settings" | "other";

export type QueueScreenView = { 
/**
 * How many are in which state.
 */
counts: CountsView, 
/**
 * The items, those that need a person first, then newest first.
 */
items: Array<QueueItemView>, 
/**
 * The item that is open, with its history.
 */
open: QueueItemDetailView | null, 
/**
 * Whether sending is under way.
 */
isSending: boolean, 
/**
 * Free space beside the queue, in bytes.
 */
freeBytes: number | null, 
/**
 * Captures that still fit, about.
 */
capturesLeft: number | null, 
/**
 * The file that an export wrote.
 */
exportedTo: string | null, 
/**
 * Why the queue cannot be shown.
 */
problem: QueueProblem | null, };

export type QueueView = { "state": "open", 
/**
 * Its file.
 */
path: string, 
/**
 * How many items are in which state.
 */
counts: CountsView, } | { "state": "notCreated", 
/**
 * Where its file will be.
 */
path: string, } | { "state": "unavailable", 
/**
 * Its file, unless not even the data folder is known.
 */
path: string | null, 
/**
 * Which advice helps.
 */
problem: QueueProblem, 
/**
 * What the system said, for whoever mends it.
 */
detail: string, };

export type ReadingView = { 
/**
 * Where we are.
 */
step: StepView, 
/**
 * Frames read.
 */
done: number, 
/**
 * Frames to read.
 */
of: number, };

export type RegionKind = "glare" | "obstruction";

export type RegionView = { 
/**
 * What is wrong with it.
 */
kind: RegionKind, 
/**
 * Its outline.
 */
outline: Array<PointView>, };

export type RetakeView = "card" | "selfie";

export type RetryView = { 
/**
 * What actually failed, most important first; never empty.
 */
reasons: Array<HintCode>, 
/**
 * The fields that could not be read, keys of `ktp::Field`.
 */
fields: Array<string>, };

export type ReviewView = { 
/**
 * Where we are.
 */
step: StepView, 
/**
 * The fields in card order.
 */
fields: Array<FieldView>, 
/**
 * What disagrees, warnings first.
 */
issues: Array<IssueView>, 
/**
 * Signs of tampering that this device saw: notes, which hinder nothing.
 */
signs: Array<SignView>, 
/**
 * Whether the NIK is shown in full.
 */
isNikShown: boolean, 
/**
 * Fields without which it cannot be sent, keys; empty when it can be.
 */
missing: Array<string>, 
/**
 * Changes that can be undone.
 */
undoSteps: number, };

export type ScreenView = { "name": "opening" } & OpeningView | { "name": "start" } & StartView | { "name": "consent" } & ConsentView | { "name": "card" } & CardView | { "name": "selfie" } & SelfieView | { "name": "selfieLocked" } & SelfieLockedView | { "name": "flash" } & FlashView | { "name": "reading" } & ReadingView | { "name": "review" } & ReviewView | { "name": "submitting" } & SubmittingView | { "name": "outcome" } & OutcomeView | { "name": "queue" } & QueueScreenView | { "name": "pin" } & PinView | { "name": "settings" } & SettingsView | { "name": "help" } & HelpView;

export type SelfieFailure = "timedOut" | "missed" | "notConvincing";

export type SelfieHintCode = "cameraLost" | "tooDark" | "nobodyThere" | "manyFaces" | "tooFar" | "tooClose" | "offCentre" | "turnToCamera" | "covered" | "backlit" | "tooBright" | "moving" | "blurry" | "hold" | "captured";

export type SelfieLockedView = { 
/**
 * Where we are.
 */
step: StepView, 
/**
 * Why the last try failed.
 */
reason: SelfieFailure, 
/**
 * Tries that failed so far.
 */
failedTries: number, 
/**
 * The right PIN was entered: staff may choose how to go on.
 */
isUnlocked: boolean, 
/**
 * Whether gestures can still be left out.
 */
offersWithoutGestures: boolean, 
/**
 * What spoke for and against the last try; empty until the right PIN was entered.
 */
votes: Array<FaceVoteView>, };

export type SelfieView = { 
/**
 * Where we are.
 */
step: StepView, 
/**
 * The camera; frames come from the command `frame`.
 */
camera: CameraView, 
/**
 * The one thing to do now; while a gesture is asked for, what keeps it from being seen, else `hold`.
 */
hint: SelfieHintCode, 
/**
 * The gesture that is asked for.
 */
gesture: GesturePromptView | null, 
/**
 * How far the ring has closed, 0–1.
 */
hold: number, 
/**
 * Whether help is offered: no progress for a while.
 */
offersHelp: boolean, 
/**
 * Whether the button to take the picture by hand is shown.
 */
offersShutter: boolean, 
/**
 * Everything was captured and is looked at; nothing to do.
 */
isChecking: boolean, 
/**
 * The last try failed: "try again" begins anew.
 */
failed: FailedTryView | null, 
/**
 * Why the partner wants another picture: a reason code. `None` on the first one.
 */
again: string | null, };

export type SettingsProblem = "gatewayUrl" | "theme" | "idleTime" | "notWritten";

export type SettingsValues = { 
/**
 * Who sits in front of it.
 */
mode: Mode, 
/**
 * The language a session starts with.
 */
language: Language, 
/**
 * Light, dark, high contrast.
 */
appearance: Appearance, 
/**
 * Name of the partner's theme; `None` is Loket's own.
 */
theme: string | null, 
/**
 * The camera, by its key; `None` takes the best.
 */
camera: string | null, 
/**
 * What to do with a virtual camera.
 */
virtualCameras: VirtualCameraPolicy, 
/**
 * The gateway's base URL; `None` keeps everything here.
 */
gatewayUrl: string | null, 
/**
 * Whether the flash challenge is offered.
 */
usesFlash: boolean, 
/**
 * Gestures asked for in a selfie, 0–3.
 */
gestures: number, 
/**
 * Whether staff see numbers over the live picture.
 */
showsMeasures: boolean, 
/**
 * Seconds without a touch before the countdown in self-service, 15–300.
 */
idleS: number, };

export type SettingsView = { 
/**
 * What is set now.
 */
values: SettingsValues, 
/**
 * The cameras there are.
 */
cameras: Array<CameraChoiceView>, 
/**
 * The chosen camera, live; frames come from the command `frame`.
 */
camera: CameraView, 
/**
 * Themes found in the themes folder, by name.
 */
themes: Array<string>, 
/**
 * Where the data lie.
 */
dataDir: string, 
/**
 * Diagnostics; `None` until they were asked for, empty while they run.
 */
diagnostics: Array<DiagnosticView> | null, 
/**
 * Which value was not taken, and why.
 */
rejected: SettingsProblem | null, 
/**
 * The file that the support bundle was written to.
 */
exportedTo: string | null, };

export type SignCode = "fontMatch" | "screenMoire" | "photocopy" | "specularCheck" | "backdrop";

export type SignView = { 
/**
 * What was seen.
 */
code: SignCode, 
/**
 * The field it is about, a key, if it is about one.
 */
field: string | null, };

export type StartView = { 
/**
 * Captures begun today and accepted into the queue.
 */
capturedToday: number, 
/**
 * Of these, how many the partner has accepted.
 */
deliveredToday: number, 
/**
 * Whether an id of the customer may be typed; without one the partner makes one.
 */
asksCustomerId: boolean, 
/**
 * The queue's first items, where work begins with the queue: in the field.
 */
items: Array<QueueItemView>, 
/**
 * Trouble that a person should mend before the next customer.
 */
trouble: QueueProblem | null, 
/**
 * What a visit captures.
 */
flow: FlowView, };

export type StatusView = { 
/**
 * Version of the application.
 */
version: string, 
/**
 * The nets that read cards.
 */
models: ModelsView, 
/**
 * The encrypted queue.
 */
queue: QueueView, };

export type StepView = { 
/**
 * 1 for the first.
 */
number: number, 
/**
 * How many there are.
 */
of: number, };

export type SubmitStage = "signing" | "storing" | "sending" | "judging";

export type SubmittingView = { 
/**
 * Where we are.
 */
step: StepView, 
/**
 * What is being done.
 */
stage: SubmitStage, 
/**
 * Bytes sent of [`Self::total_bytes`], while sending.
 */
sentBytes: number, 
/**
 * Bytes to send; 0 until it is known.
 */
totalBytes: number, 
/**
 * Whether it takes longer than expected; going on without waiting is offered.
 */
isSlow: boolean, };

export type ThemeView = { 
/**
 * Light, dark, high contrast, or as the system says.
 */
appearance: Appearance, 
/**
 * The partner's look; `None` is Loket's own.
 */
partner: PartnerThemeView | null, };

export type VirtualCameraPolicy = "allow" | "warn" | "refuse";

export type VoteOutcome = "passed" | "failed" | "abstained";

export type VoterView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Whether it passed.
 */
hasPassed: boolean, 
/**
 * Its reason, in the partner's words.
 */
reason: string | null, };
