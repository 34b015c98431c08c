package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.api.adapters.TrainingRecord.LossPoint;
import io.memos4j.spi.training.TrainingProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Records an external training by its reports {@code {"step":n,"steps":m,"loss":x,"tokens":t}}, in which
 * {@code tokens}, those read so far, is optional. For one thread.
 */
final class TrainingReportLog {
    private final int mostSteps;
    private final int stride;
    private final long began = System.nanoTime();
    private final List<LossPoint> curve = new ArrayList<>();
    private Optional<TrainingProgress> last = Optional.empty();
    private long tokens;

    /** Starts the clock. */
    TrainingReportLog(int mostSteps) {
        this.mostSteps = mostSteps;
        this.stride = Math.ceilDiv(mostSteps, TrainingRecord.MAX_POINTS - 1);
    }

    /**
     * Records a report of a later step; anything else is ignored.
     *
     * @throws MemoryException {@link ErrorCode#TRAINING_DIVERGED} if the loss is not finite
     */
    Optional<TrainingProgress> accept(JsonNode report) {
        JsonNode step = report.path("step");
        JsonNode loss = report.path("loss");
        int before = last.map(TrainingProgress::step).orElse(0);
        boolean later = step.isIntegralNumber()
                && step.canConvertToInt()
                && step.intValue() > before
                && step.intValue() <= mostSteps;
        if (!later || !loss.isNumber()) {
            return Optional.empty();
        }
        if (!Double.isFinite(loss.doubleValue())) {
            throw new MemoryException(
                    ErrorCode.TRAINING_DIVERGED,
                    "The training diverged in step " + step.intValue() + ": its loss is " + loss.doubleValue()
                            + ". Train with a lower learning rate, and check the base for broken weights.");
        }
        JsonNode read = report.path("tokens");
        if (read.isIntegralNumber() && read.canConvertToLong()) {
            tokens = Math.max(tokens, read.longValue());
        }
        last = Optional.of(
                new TrainingProgress(step.intValue(), steps(report), loss.doubleValue(), tokens / seconds()));
        addPoint(step.intValue(), loss.doubleValue());
        return last;
    }

    /** The expected number of steps: not all programs run as many as were requested. */
    private int steps(JsonNode report) {
        JsonNode steps = report.path("steps");
        boolean sound = steps.isIntegralNumber()
                && steps.canConvertToInt()
                && steps.intValue() >= report.path("step").intValue()
                && steps.intValue() <= mostSteps;
        return sound ? steps.intValue() : mostSteps;
    }

    /**
     * Adds a point to the curve. Points are at least a stride apart, except for the last, which the next one may
     * replace.
     */
    private void addPoint(int step, double loss) {
        int size = curve.size();
        if (size > 0) {
            int before = size > 1 ? curve.get(size - 2).step() : 0;
            if (curve.getLast().step() - before < stride) {
                curve.removeLast();
            }
        }
        curve.add(new LossPoint(step, loss));
    }

    private double seconds() {
        return Math.max(1, System.nanoTime() - began) / 1e9;
    }

    /** The last report. */
    Optional<TrainingProgress> last() {
        return last;
    }

    /** Describes the progress for a message. */
    String describeProgress() {
        return last.map(each -> "after step " + each.step() + " of " + each.steps())
                .orElse("before its first step");
    }

    /** Builds the record of a successful training; refuses one that never reported a step. */
    TrainingRecord record(String trainer, ExternalTrainingJob job) {
        TrainingProgress end = last.orElseThrow(() -> new MemoryException(
                ErrorCode.RUNTIME_FAILED,
                "The training by " + trainer + " ended well, but never reported a step of 1 to " + mostSteps
                        + " with its loss. Make it report, as docs/producers.md says."));
        return new TrainingRecord(
                trainer,
                job.baseHash(),
                job.dataHash(),
                job.request().plan().seed(),
                end.step(),
                end.loss(),
                curve,
                tokens,
                Duration.ofNanos(System.nanoTime() - began));
    }
}
