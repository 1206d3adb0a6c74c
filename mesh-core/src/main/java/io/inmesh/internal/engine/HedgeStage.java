package io.inmesh.internal.engine;

/** How far the attempt beside the first of a call has come. */
enum HedgeStage {
    /** Its time has not come. */
    PLANNED,
    UNDER_WAY,
    /** It has an answer that stands, and nobody has it yet. */
    ANSWERED,
    /** It has come to nothing. */
    FAILED,
    /** Its time has come, and it was not to be sent. */
    NOT_SENT,
    /** The caller's thread has done with it. */
    OVER
}
