package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;

/** Maps failures of an external training to {@link MemoryException}. */
final class TrainingFailureMapper {
    private static final int BAD_REQUEST = 2;
    private static final int BASE_UNREADABLE = 3;
    private static final int DIVERGED = 4;
    private static final int NO_MEANS = 5;

    private TrainingFailureMapper() {}

    /**
     * Maps the exit code of a program, or the failure code of a sidecar.
     *
     * @param who has failed, as the subject of a sentence
     * @param said its own message; may be empty
     */
    static MemoryException fromExitCode(int number, String who, String said) {
        String tail = said.isBlank() ? " It said nothing more." : " It said:\n" + said.strip();
        return switch (number) {
            case BAD_REQUEST ->
                new MemoryException(
                        ErrorCode.INVALID_ARGUMENT,
                        who + " does not accept this request (2). Change what it names." + tail);
            case BASE_UNREADABLE ->
                new MemoryException(
                        ErrorCode.MODEL_UNREADABLE,
                        who + " cannot read the base or the adapter to continue from (3). Check the files." + tail);
            case DIVERGED ->
                new MemoryException(
                        ErrorCode.TRAINING_DIVERGED,
                        who + " reports that the training diverged (4). Train with a lower learning rate." + tail);
            case NO_MEANS ->
                new MemoryException(
                        ErrorCode.UNSUPPORTED,
                        who + " lacks memory or the device (5). Use a smaller batch with accumulation, or another"
                                + " device." + tail);
            default ->
                new MemoryException(
                        ErrorCode.RUNTIME_FAILED,
                        who + " failed (" + number + "). Look for the cause in what it said and in its log." + tail);
        };
    }

    static MemoryException stopped(TrainingReportLog log) {
        return new MemoryException(
                ErrorCode.INTERRUPTED,
                "The training was stopped " + log.describeProgress() + "; nothing of it is kept here.");
    }

    static MemoryException interrupted(TrainingReportLog log, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new MemoryException(
                ErrorCode.INTERRUPTED, "The training was interrupted " + log.describeProgress() + ".", e);
    }

    static MemoryException timedOut(TrainingReportLog log, String limit) {
        return new MemoryException(
                ErrorCode.TIMEOUT,
                "The training did not end within " + limit + "; it was ended " + log.describeProgress()
                        + ". Allow more time, or ask for fewer steps.");
    }
}
