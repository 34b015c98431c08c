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

/** Options for training: the base model, the trainer, the size and length of a training, and the evaluation limits. */
public final class TrainingOptions {
    private static final int LONGEST_LABEL = 100;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description =
                    "The base model in the Hugging Face layout, config.json and model.safetensors: the weights from"
                            + " which the GGUF file was made.")
    private Optional<Path> base = Optional.empty();

    @Option(
            names = "--trainer-command",
            paramLabel = "COMMAND",
            description =
                    "Train with a program, for example \"python3 train.py {work}\". Words are split as in a shell, but"
                            + " no shell runs; {work}, {base}, {output} and {data} stand for paths. docs/producers.md"
                            + " describes its input and output. The default is the trainer in this process, if it was"
                            + " built in.")
    private Optional<String> command = Optional.empty();

    @Option(
            names = "--trainer-url",
            paramLabel = "URL",
            description = "Train with a service; the URL before /v1/adapters. The training data is sent there.")
    private Optional<URI> url = Optional.empty();

    @Option(
            names = "--trainer-key-env",
            paramLabel = "NAME",
            description = "The environment variable that holds the key of that service.")
    private Optional<String> key = Optional.empty();

    @Option(
            names = "--rank",
            paramLabel = "N",
            description = "The rank of an adapter, which bounds how much it can hold (default: 8).")
    private Optional<Integer> rank = Optional.empty();

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Training epochs: passes over the examples (default: 20).")
    private Optional<Integer> epochs = Optional.empty();

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "The peak learning rate of Adam (default: 0.001).")
    private Optional<Double> learningRate = Optional.empty();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Examples per batch; memory use grows with it (default: 4).")
    private Optional<Integer> batch = Optional.empty();

    @Option(
            names = "--items",
            paramLabel = "N",
            description = "Memories per adapter; erasing one of them costs a training on the others (default: 16).")
    private Optional<Integer> items = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "The random seed (default: 1).")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--gpu", description = "Train on the first CUDA device.")
    private boolean gpu;

    @Option(
            names = "--recall",
            paramLabel = "SHARE",
            description = "Reject an adapter that answers a smaller share of the questions about its memories (default:"
                    + " 0.9).")
    private Optional<Double> recall = Optional.empty();

    @Option(
            names = "--divergence",
            paramLabel = "NATS",
            description = "Reject an adapter that changes unrelated answers by more, on average (default: 0.5).")
    private Optional<Double> divergence = Optional.empty();

    /** Returns the setup of a training; throws if something that it needs is missing. */
    public TrainingConfig forTraining(Optional<Integer> threads) {
        Path folder = base.orElseThrow(() -> MemoryException.invalid(
                "Training needs the weights from which the GGUF file was made, in the Hugging Face layout:"
                        + " give --base DIR, a directory with config.json and model.safetensors."));
        if (!Files.isDirectory(folder)) {
            throw MemoryException.invalid("There is no directory " + folder
                    + ". Give --base a directory with config.json and model.safetensors.");
        }
        return trainingConfig(trainer().orElseThrow(TrainingOptions::noTrainer), folder, threads);
    }

    /** Returns the setup of a server, which trains if a base model is named. */
    public Optional<TrainingConfig> forServer(Optional<Integer> threads) {
        return base.map(named -> forTraining(threads));
    }

    /** Returns the setup of an evaluation, which needs the base model only for a server without logits. */
    public TrainingConfig forEvaluation(boolean server, Optional<Integer> threads) {
        if (server && base.isEmpty()) {
            throw MemoryException.invalid(
                    "A server returns no token probabilities, so the adapter is evaluated with the base model in this"
                            + " process: give --base DIR, a directory with config.json and model.safetensors.");
        }
        return trainingConfig(trainer().orElseGet(Absent::new), base.orElse(Path.of("")), threads);
    }

    /** Returns a hint on how to continue a training that was stopped. */
    public String afterStop() {
        return url.isPresent()
                ? "The same command starts over."
                : command.isPresent()
                        ? "The same command continues from a checkpoint of the program, or starts over."
                        : "The checkpoint is kept: the same command continues.";
    }

    private TrainingConfig trainingConfig(AdapterTrainer trainer, Path folder, Optional<Integer> threads) {
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
            throw MemoryException.invalid("Give only one trainer: either --trainer-command or --trainer-url.");
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
        return new HttpTrainer(key.map(TrainingOptions::environmentVariable)
                .map(options::apiKey)
                .orElse(options));
    }

    private static String label(String name) {
        return name.length() <= LONGEST_LABEL ? name : name.substring(0, LONGEST_LABEL);
    }

    private static String environmentVariable(String name) {
        return Optional.ofNullable(System.getenv(name))
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> MemoryException.invalid("Environment variable " + name + " is not set or empty."
                        + " Put the key into it, or leave out --trainer-key-env."));
    }

    private static MemoryException noTrainer() {
        return new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "This build has no trainer. Build with one (MEMOS4J_TRAINER=yes ./memos4j build, Linux x86-64), or"
                        + " name a program with --trainer-command, or a service with --trainer-url.");
    }

    /** A trainer for commands that train nothing. */
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
