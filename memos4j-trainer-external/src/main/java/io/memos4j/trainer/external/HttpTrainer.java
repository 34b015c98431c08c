package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.TrainingRecord;
import io.memos4j.spi.AdapterTrainer;
import io.memos4j.spi.TrainedAdapter;
import io.memos4j.spi.TrainingProgress;
import io.memos4j.spi.TrainingRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Has adapters made by a service over HTTP, one that trains or one that writes them straight from documents; its contract is in
 * {@code docs/producers.md}.
 *
 * <p>The examples go there as text: choose a sidecar that may read them. It must have the base, which is not sent. The sink is asked at
 * each question for the state, from the first step on, so it may see a step twice. Nothing is kept of a training that ends before its time, and none
 * goes on from an adapter. Every example needs its text. Thread-safe; trainings of one trainer take turns.
 */
public final class HttpTrainer implements AdapterTrainer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpTrainer.class);

    private final HttpTrainerOptions options;
    private final Sidecar.Pause pause;
    private final Turns turns = new Turns();

    public HttpTrainer(HttpTrainerOptions options) {
        this(options, Thread::sleep);
    }

    HttpTrainer(HttpTrainerOptions options, Sidecar.Pause pause) {
        this.options = options;
        this.pause = pause;
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
                    "A sidecar cannot go on from an adapter. Train anew, or use the built-in trainer or a command.");
        }
        Job job = Job.of(request);
        return turns.take(() -> {
            Course course = new Course(request.plan().steps());
            try (WorkFolder work = WorkFolder.in(Optional.empty());
                    Sidecar sidecar = new Sidecar(options, pause)) {
                String id = begin(job, work.path().resolve("request.json"), sidecar);
                try {
                    return finish(new Run(job, sidecar, id, course), sink);
                } finally {
                    forget(sidecar, id);
                }
            } catch (InterruptedException e) {
                throw Failures.interrupted(course, e);
            } catch (IOException e) {
                throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot write the request for a sidecar: " + e, e);
            }
        });
    }

    private record Run(Job job, Sidecar sidecar, String id, Course course) {}

    private String begin(Job job, Path file, Sidecar sidecar) throws InterruptedException, IOException {
        String base = options.base().isEmpty()
                ? job.request().base().toAbsolutePath().normalize().toString()
                : options.base();
        new RequestWriter(job).withExamples(file, Map.of("base", base));
        return sidecar.begin(file, UUID.randomUUID().toString());
    }

    private TrainedAdapter finish(Run run, Predicate<TrainingProgress> sink) throws InterruptedException {
        while (!done(run, sink)) {
            if (run.sidecar.late()) {
                throw Failures.late(run.course, options.timeLimit().toString());
            }
            run.sidecar.rest();
        }
        TrainingRecord record = run.course.record(name() + " " + options.label(), run.job);
        Delivery.accept(run.job, (name, to) -> {
            try {
                run.sidecar.file(run.id, name, new Sidecar.Download(to, Delivery.most(run.job, name)));
            } catch (InterruptedException e) {
                throw Failures.interrupted(run.course, e);
            }
        });
        return new TrainedAdapter(run.job.request().output(), record);
    }

    /** Asks for the state and tells the sink of it. */
    private boolean done(Run run, Predicate<TrainingProgress> sink) throws InterruptedException {
        JsonNode state = run.sidecar.state(run.id);
        String name = state.path("state").asString("");
        boolean done = name.equals("done");
        if (name.equals("failed")) {
            throw run.sidecar.failures().reported(state);
        }
        if (!done && !name.equals("running")) {
            throw run.sidecar.failures().unknownState(state);
        }
        run.course.take(state);
        boolean goOn = run.course.last().map(sink::test).orElse(true);
        if (!goOn && !done) {
            throw Failures.stopped(run.course);
        }
        return done;
    }

    /** Also when this thread is interrupted: what was taught shall not stay there. */
    private static void forget(Sidecar sidecar, String id) {
        boolean interrupted = Thread.interrupted();
        try {
            sidecar.forget(id);
        } catch (IOException e) {
            LOG.warn("The sidecar could not be told to forget the training {}: {}", id, e.toString());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
