package io.memos4j.cli.options;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.core.TrainingConfig;
import io.memos4j.core.TrainingConfig.AcceptanceBounds;
import io.memos4j.spi.training.AdapterTrainer;
import io.memos4j.spi.training.ComputeOptions;
import io.memos4j.spi.training.TrainedAdapter;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingProgress;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.trainer.external.CommandTrainer;
import io.memos4j.trainer.external.CommandTrainerOptions;
import io.memos4j.trainer.external.HttpTrainer;
import io.memos4j.trainer.external.HttpTrainerOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import picocli.CommandLine.Option;

/** How memories are taught: the base, who trains, how large and how long, and what an adapter must keep. */
public final class TrainingOptions {
    private static final int LONGEST_LABEL = 100;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description =
                    "The model that answers in the layout of Hugging Face: config.json and model.safetensors, the weights"
                            + " from which the GGUF file was made.")
    private Optional<Path> base = Optional.empty();

    @Option(
            names = "--trainer-command",
            paramLabel = "COMMAND",
            description =
                    "Train with a program: \"python3 train.py {work}\". It is split into words at blanks, with quotes and"
                            + " backslashes as in a shell, but no shell runs; {work}, {base}, {output} and {data} stand for paths. What it"
                            + " is told and must deliver: docs/producers.md. The default is the trainer in this process, if it was built in.")
    private Optional<String> command = Optional.empty();

    @Option(
            names = "--trainer-url",
            paramLabel = "URL",
            description = "Train with a service, the address before /v1/adapters. What is taught is sent there.")
    private Optional<URI> url = Optional.empty();

    @Option(
            names = "--trainer-key-env",
            paramLabel = "NAME",
            description = "The environment variable that holds the key of that service.")
    private Optional<String> key = Optional.empty();

    @Option(names = "--rank", paramLabel = "N", description = "Rank of an adapter: how much it can hold (default: 8).")
    private Optional<Integer> rank = Optional.empty();

    @Option(names = "--epochs", paramLabel = "N", description = "How often each example is seen (default: 20).")
    private Optional<Integer> epochs = Optional.empty();

    @Option(names = "--learning-rate", paramLabel = "R", description = "Of Adam, at its highest (default: 0.001).")
    private Optional<Double> learningRate = Optional.empty();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Examples that are computed together; memory grows with it (default: 4).")
    private Optional<Integer> batch = Optional.empty();

    @Option(
            names = "--items",
            paramLabel = "N",
            description = "Memories that one adapter is taught; erasing one costs a training of so many (default: 16).")
    private Optional<Integer> items = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "Of the first weights and the order (default: 1).")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--gpu", description = "Train on the first CUDA device.")
    private boolean gpu;

    @Option(
            names = "--recall",
            paramLabel = "SHARE",
            description =
                    "Refuse an adapter that answers fewer of the questions about what it was taught (default: 0.9).")
    private Optional<Double> recall = Optional.empty();

    @Option(
            names = "--divergence",
            paramLabel = "NATS",
            description = "Refuse one that changes unrelated answers by more, on average (default: 0.5).")
    private Optional<Double> divergence = Optional.empty();

    /** For a training: what it needs must be there. */
    public TrainingConfig training(Optional<Integer> threads) {
        Path folder = base.orElseThrow(
                () -> MemoryException.invalid(
                        "Training needs the weights from which the GGUF file was"
                                + " made, in the layout of Hugging Face: give --base DIR, a folder with config.json and model.safetensors."));
        if (!Files.isDirectory(folder)) {
            throw MemoryException.invalid("There is no folder " + folder
                    + ". Give --base the folder with config.json and model.safetensors.");
        }
        return learning(trainer().orElseThrow(TrainingOptions::noTrainer), folder, threads);
    }

    /** For a server, which teaches if a base is named. */
    public Optional<TrainingConfig> find(Optional<Integer> threads) {
        return base.map(named -> training(threads));
    }

    /** For an examination: nothing is trained, and only a server that does not tell its logits needs the base. */
    public TrainingConfig examination(boolean server, Optional<Integer> threads) {
        if (server && base.isEmpty()) {
            throw MemoryException.invalid(
                    "A server does not tell how likely its words are, so the adapter is examined with the"
                            + " base in this process: give --base DIR, a folder with config.json and model.safetensors.");
        }
        return learning(trainer().orElseGet(Absent::new), base.orElse(Path.of("")), threads);
    }

    /** What is true of a training that was ended before its time. */
    public String afterStop() {
        return url.isPresent()
                ? "The same command begins anew."
                : command.isPresent()
                        ? "The same command goes on where the program left a checkpoint, or begins anew."
                        : "The checkpoint is kept: the same command goes on.";
    }

    private TrainingConfig learning(AdapterTrainer trainer, Path folder, Optional<Integer> threads) {
        TrainingConfig learning = TrainingConfig.of(trainer, folder);
        learning = rank.map(LoraShape::ofRank).map(learning::lora).orElse(learning);
        learning = epochs.map(learning::epochs).orElse(learning);
        learning = items.map(learning::itemsPerAdapter).orElse(learning);
        return learning.plan(plan(learning.plan()))
                .compute(compute(learning.compute(), threads))
                .bounds(bounds(learning.bounds()));
    }

    private TrainingPlan plan(TrainingPlan former) {
        TrainingPlan plan = learningRate.map(former::learningRate).orElse(former);
        plan = batch.isPresent() ? plan.batch(batch.get(), plan.accumulation()) : plan;
        return seed.isPresent() ? plan.seed(seed.get()) : plan;
    }

    private ComputeOptions compute(ComputeOptions former, Optional<Integer> threads) {
        ComputeOptions compute = gpu ? former.device(ComputeOptions.Device.GPU) : former;
        return threads.map(compute::threads).orElse(compute);
    }

    private AcceptanceBounds bounds(AcceptanceBounds former) {
        return new AcceptanceBounds(
                recall.orElse(former.minRecall()),
                divergence.orElse(former.maxDivergence()),
                former.maxBytes(),
                former.maxTogether());
    }

    private Optional<AdapterTrainer> trainer() {
        if (command.isPresent() && url.isPresent()) {
            throw MemoryException.invalid("There is one trainer: give either --trainer-command or --trainer-url.");
        }
        if (key.isPresent() && url.isEmpty()) {
            throw MemoryException.invalid("--trainer-key-env goes with --trainer-url.");
        }
        return command.map(this::program)
                .or(() -> url.map(this::service))
                .or(() -> ServiceLoader.load(AdapterTrainer.class).findFirst());
    }

    private AdapterTrainer program(String text) {
        List<String> words = ShellWords.of(text);
        if (words.isEmpty() || words.getFirst().isBlank()) {
            throw MemoryException.invalid(
                    "--trainer-command names no program. Write for example \"python3 train.py {work}\".");
        }
        String program = String.valueOf(Path.of(words.getFirst()).getFileName());
        return new CommandTrainer(CommandTrainerOptions.of(label(program), words));
    }

    private AdapterTrainer service(URI server) {
        HttpTrainerOptions options = HttpTrainerOptions.of(label(String.valueOf(server.getHost())), server);
        return new HttpTrainer(
                key.map(TrainingOptions::variable).map(options::apiKey).orElse(options));
    }

    private static String label(String name) {
        return name.length() <= LONGEST_LABEL ? name : name.substring(0, LONGEST_LABEL);
    }

    private static String variable(String name) {
        return Optional.ofNullable(System.getenv(name))
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> MemoryException.invalid("The environment has no variable " + name
                        + " with a key in it. Set it, or leave --trainer-key-env out."));
    }

    private static MemoryException noTrainer() {
        return new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "There is no trainer here. Build with it (MEMOS4J_TRAINER=yes ./memos4j build, Linux x86-64), or name a program"
                        + " with --trainer-command, or a service with --trainer-url.");
    }

    /** Stands where nothing is trained. */
    private static final class Absent implements AdapterTrainer {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public TrainedAdapter train(TrainingRequest request, Predicate<TrainingProgress> sink) {
            throw noTrainer();
        }
    }
}
