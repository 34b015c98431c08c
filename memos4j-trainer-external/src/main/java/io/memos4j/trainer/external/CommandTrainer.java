package io.memos4j.trainer.external;

import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.spi.training.AdapterTrainer;
import io.memos4j.spi.training.TrainedAdapter;
import io.memos4j.spi.training.TrainingProgress;
import io.memos4j.spi.training.TrainingRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trains with an external program: a script around PEFT, LLaMA-Factory or anything else that follows the contract in
 * {@code docs/producers.md}.
 *
 * <p>The program runs without a shell, in a fresh folder, with few environment variables and a time limit; when it ends
 * or is ended, everything that it started is killed and the folder is removed. That bounds a faulty program. It does
 * not confine a malicious one: it runs as this user, and may read and write what this user may. Every example needs its
 * text. Thread-safe; one training at a time.
 */
public final class CommandTrainer implements AdapterTrainer {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final List<String> VARIABLES = List.of("PATH", "HOME", "LANG", "CUDA_VISIBLE_DEVICES");
    private static final Pattern PLACE = Pattern.compile("\\{(work|base|output|data)}");
    private static final long MEASURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CommandTrainerOptions options;
    private final TrainingLock turns = new TrainingLock();

    public CommandTrainer(CommandTrainerOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "command";
    }

    @Override
    public TrainedAdapter train(TrainingRequest request, Predicate<TrainingProgress> sink) {
        ExternalTrainingJob job = ExternalTrainingJob.of(request);
        return turns.runExclusively(() -> {
            try (WorkFolder work = WorkFolder.in(options.workParent())) {
                WorkPaths places = places(job, work);
                TrainingReportLog log = new TrainingReportLog(request.plan().steps());
                run(new TrainingRun(job, places, log), sink);
                TrainingRecord record = log.record(name() + " " + options.label(), job);
                AdapterImporter.importAdapter(job, AdapterImporter.folder(job, places.output));
                return new TrainedAdapter(request.output(), record);
            }
        });
    }

    /** The paths that the program gets, all absolute. */
    private record WorkPaths(Path work, Path base, Path output, Path data) {
        String in(String argument) {
            return PLACE.matcher(argument)
                    .replaceAll(match -> Matcher.quoteReplacement(
                            switch (match.group(1)) {
                                case "work" -> work.toString();
                                case "base" -> base.toString();
                                case "output" -> output.toString();
                                default -> data.toString();
                            }));
        }
    }

    private record TrainingRun(ExternalTrainingJob job, WorkPaths places, TrainingReportLog log) {}

    private static WorkPaths places(ExternalTrainingJob job, WorkFolder work) {
        TrainingRequest request = job.request();
        Path folder = work.path();
        WorkPaths places = new WorkPaths(
                folder,
                request.base().toAbsolutePath().normalize(),
                folder.resolve("adapter"),
                folder.resolve("train.jsonl"));
        Map<String, String> members = new LinkedHashMap<>();
        members.put("base", places.base.toString());
        members.put("output", places.output.toString());
        members.put("data", places.data.toString());
        request.start().ifPresent(each -> members.put("start", absolute(each)));
        request.checkpoints().ifPresent(each -> members.put("checkpoints", absolute(each)));
        TrainingRequestWriter writer = new TrainingRequestWriter(job);
        work.fill(() -> {
            writer.writeRequest(folder.resolve("request.json"), members);
            writer.writeExamples(places.data);
        });
        return places;
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    private Map<String, String> variables(Path work) {
        Map<String, String> variables = new LinkedHashMap<>();
        TreeSet<String> names = new TreeSet<>(VARIABLES);
        names.addAll(options.environment());
        Map<String, String> ours = System.getenv();
        names.forEach(name -> {
            if (ours.containsKey(name)) {
                variables.put(name, ours.get(name));
            }
        });
        variables.put("TMPDIR", work.toString());
        return variables;
    }

    private void run(TrainingRun attempt, Predicate<TrainingProgress> sink) {
        WorkPaths places = attempt.places;
        TrainingReportLog log = attempt.log;
        List<String> command = options.command().stream().map(places::in).toList();
        LineSplitter lines = new LineSplitter(line -> report(line, log, sink));
        long began = System.nanoTime();
        long measured = began;
        try (TrainingProcess program = TrainingProcess.start(command, places.work, variables(places.work), lines)) {
            while (program.pump()) {
                long now = System.nanoTime();
                if (now - began > options.timeLimit().toNanos()) {
                    throw TrainingFailureMapper.timedOut(
                            log, options.timeLimit().toString());
                }
                if (now - measured > MEASURE_NANOS) {
                    measured = now;
                    requireBoundedOutput(attempt.job, places.output);
                }
            }
            if (program.exitCode() != 0) {
                throw TrainingFailureMapper.fromExitCode(
                        program.exitCode(), "The program " + command.getFirst(), program.lastOutput());
            }
        } catch (InterruptedException e) {
            throw TrainingFailureMapper.interrupted(log, e);
        }
    }

    /** Reads a line of the program's output; lines that are not reports are its log. */
    private static void report(String line, TrainingReportLog log, Predicate<TrainingProgress> sink) {
        if (!line.startsWith("{")) {
            return;
        }
        log.accept(read(line)).ifPresent(progress -> {
            if (!sink.test(progress) && progress.step() < progress.steps()) {
                throw TrainingFailureMapper.stopped(log);
            }
        });
    }

    /** Parses a line; other lines may begin with a brace too. */
    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }

    /** Ends a program that fills the disk before its adapter is due. */
    private static void requireBoundedOutput(ExternalTrainingJob job, Path output) {
        long most = job.maxTensorBytes() + 2 * AdapterImporter.MOST_CONFIG_BYTES;
        if (WorkFolder.bytes(output) > most) {
            throw AdapterImporter.tooLarge("the output folder", most);
        }
    }
}
