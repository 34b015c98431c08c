package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.http.HttpRetrier;
import io.memos4j.http.RetryPolicy;
import io.memos4j.spi.training.AdapterTrainer;
import io.memos4j.spi.training.TrainedAdapter;
import io.memos4j.spi.training.TrainingProgress;
import io.memos4j.spi.training.TrainingRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Trains through a service over HTTP, which trains adapters or writes them directly from documents; its contract is in
 * {@code docs/producers.md}.
 *
 * <p>The examples are sent as text: choose a sidecar that may read them. It must have the base, which is not sent. The
 * sink is called at each poll, from the first step on, so it may see a step twice. A training that ends early keeps
 * nothing, and none can continue from an adapter. Every example needs its text. Thread-safe; one training at a time.
 */
public final class HttpTrainer implements AdapterTrainer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpTrainer.class);

    /** Pauses of about 1, 2, 4 and 8 seconds, or as long as the sidecar asks for. */
    static final RetryPolicy RETRIES = new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofMinutes(5), 0.5);

    private final HttpTrainerOptions options;
    private final HttpRetrier.Pause pause;
    private final HttpRetrier retrier;
    private final TrainingLock turns = new TrainingLock();

    public HttpTrainer(HttpTrainerOptions options) {
        this(options, RETRIES, Thread::sleep);
    }

    HttpTrainer(HttpTrainerOptions options, RetryPolicy retries, HttpRetrier.Pause pause) {
        this.options = options;
        this.pause = pause;
        this.retrier = new HttpRetrier(retries, pause);
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public TrainedAdapter train(TrainingRequest request, Predicate<TrainingProgress> sink) {
        if (request.start().isPresent()) {
            throw new MemoryException(
                    ErrorCode.UNSUPPORTED,
                    "A sidecar cannot continue from an adapter. Train from scratch, or use another trainer.");
        }
        ExternalTrainingJob job = ExternalTrainingJob.of(request);
        return turns.runExclusively(() -> {
            TrainingReportLog log = new TrainingReportLog(request.plan().steps());
            try (WorkFolder work = WorkFolder.in(Optional.empty());
                    SidecarClient sidecar = new SidecarClient(options, retrier)) {
                String id = startTraining(job, work.path().resolve("request.json"), sidecar);
                try {
                    return awaitAdapter(new SidecarRun(job, sidecar, id, log), sink);
                } finally {
                    deleteTraining(sidecar, id);
                }
            } catch (InterruptedException e) {
                throw TrainingFailureMapper.interrupted(log, e);
            } catch (IOException e) {
                throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot write the request for a sidecar: " + e, e);
            }
        });
    }

    private record SidecarRun(ExternalTrainingJob job, SidecarClient sidecar, String id, TrainingReportLog log) {}

    private String startTraining(ExternalTrainingJob job, Path file, SidecarClient sidecar)
            throws InterruptedException, IOException {
        String base = options.base().isEmpty()
                ? job.request().base().toAbsolutePath().normalize().toString()
                : options.base();
        new TrainingRequestWriter(job).writeWithExamples(file, Map.of("base", base));
        return sidecar.startTraining(file, UUID.randomUUID().toString());
    }

    private TrainedAdapter awaitAdapter(SidecarRun run, Predicate<TrainingProgress> sink) throws InterruptedException {
        while (!isDone(run, sink)) {
            if (run.sidecar.isLate()) {
                throw TrainingFailureMapper.timedOut(
                        run.log, options.timeLimit().toString());
            }
            pause.sleep(options.poll());
        }
        TrainingRecord record = run.log.record(name() + " " + options.label(), run.job);
        AdapterImporter.importAdapter(run.job, (name, to) -> {
            try {
                run.sidecar.downloadFile(run.id, name, to, AdapterImporter.maxBytes(run.job, name));
            } catch (InterruptedException e) {
                throw TrainingFailureMapper.interrupted(run.log, e);
            }
        });
        return new TrainedAdapter(run.job.request().output(), record);
    }

    /** Polls the state and reports it to the sink. */
    private boolean isDone(SidecarRun run, Predicate<TrainingProgress> sink) throws InterruptedException {
        JsonNode state = run.sidecar.readState(run.id);
        String name = state.path("state").asString("");
        boolean done = name.equals("done");
        if (name.equals("failed")) {
            throw run.sidecar.failures().ofReport(state);
        }
        if (!done && !name.equals("running")) {
            throw run.sidecar.failures().unknownState(state);
        }
        run.log.accept(state);
        boolean goOn = run.log.last().map(sink::test).orElse(true);
        if (!goOn && !done) {
            throw TrainingFailureMapper.stopped(run.log);
        }
        return done;
    }

    /** Deletes a training at the sidecar, even if this thread is interrupted: the examples must not stay there. */
    private static void deleteTraining(SidecarClient sidecar, String id) {
        boolean interrupted = Thread.interrupted();
        try {
            sidecar.deleteTraining(id);
        } catch (IOException e) {
            LOG.warn("The sidecar could not be told to delete the training {}: {}", id, e.toString());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
