package io.memos4j.trainer.external;

import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.testkit.JavaCommand;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.awaitility.Awaitility.await;

/**
 * A program that keeps the contract, or breaks it in a way that its first argument names. The second is the working
 * folder, the third a file in which it reports to the test.
 */
final class FakeTrainer {
    private final Path work;
    private final Path told;
    private final JsonNode request;
    private final Path output;

    private FakeTrainer(Path work, Path told) {
        this.work = work;
        this.told = told;
        this.request = new JsonMapper().readTree(work.resolve("request.json").toFile());
        this.output = Path.of(request.path("output").asString());
    }

    /** Runs the program. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals("child")) {
            beChild(Path.of(arguments[1]));
        }
        if (arguments[0].startsWith("exit ")) {
            System.err.println("Because of " + arguments[0] + ".\u001b[2J");
            System.exit(Integer.parseInt(arguments[0].substring("exit ".length())));
        }
        new FakeTrainer(Path.of(arguments[1]), Path.of(arguments[2])).run(arguments);
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        switch (arguments[0]) {
            case "good" -> good();
            case "arguments" -> {
                Files.write(told, List.of(arguments));
                good();
            }
            case "environment" -> {
                Files.write(told, System.getenv().keySet());
                good();
            }
            case "request" -> {
                Files.writeString(
                        told,
                        Files.readString(work.resolve("request.json")) + "\n---\n"
                                + Files.readString(Path.of(request.path("data").asString())));
                good();
            }
            case "hang" -> {
                child();
                report(1, "0.5");
                Thread.currentThread().join();
            }
            case "orphan" -> {
                child();
                good();
            }
            case "flood" -> {
                flood();
                good();
            }
            case "flood for ever" -> {
                report(1, "0.5");
                while (true) {
                    flood();
                }
            }
            case "NaN loss" -> {
                report(1, "NaN");
                Thread.currentThread().join();
            }
            case "silent" -> write(SampleTrainingRequest.SHAPE);
            case "hog" -> {
                Files.createDirectories(output);
                Files.write(output.resolve("adapter_model.safetensors"), new byte[16 << 20]);
                Thread.currentThread().join();
            }
            default -> {
                good();
                spoil(arguments[0]);
            }
        }
    }

    private void good() throws IOException {
        System.out.println("Loading the base\n{\"epoch\": 1}\n{no report}\n{\"step\":0,\"loss\":9}");
        for (int step = 1; step <= SampleTrainingRequest.STEPS; step++) {
            report(step, "0." + (9 - step));
        }
        report(SampleTrainingRequest.STEPS + 1, "7");
        write(SampleTrainingRequest.SHAPE);
        Files.writeString(output.resolve("README.md"), "A model card");
    }

    private static void report(int step, String loss) {
        System.out.println("{\"step\":" + step + ",\"steps\":" + SampleTrainingRequest.STEPS + ",\"loss\":" + loss
                + ",\"tokens\":" + 10 * step + "}");
        System.out.flush();
    }

    private void write(LoraShape shape) throws IOException {
        SampleTrainingRequest.adapter(Path.of(request.path("base").asString()), shape, output);
    }

    private static void flood() {
        byte[] junk = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 8; i++) {
            System.out.writeBytes(junk);
            System.err.writeBytes(junk);
        }
        System.out.println();
    }

    /** Starts a process that inherits the pipes and never ends, and waits until it runs. */
    private void child() throws IOException {
        new ProcessBuilder(java("child", told.toString())).inheritIO().start();
        await().until(() -> Files.exists(told));
    }

    private static void beChild(Path told) throws IOException, InterruptedException {
        Path beside = told.resolveSibling("telling");
        Files.writeString(beside, Long.toString(ProcessHandle.current().pid()));
        Files.move(beside, told);
        Thread.currentThread().join();
    }

    /** The command line of this program. */
    static List<String> java(String... arguments) {
        return JavaCommand.of(
                FakeTrainer.class, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"), (Object[])
                        arguments);
    }

    private void spoil(String how) throws IOException {
        Path tensors = output.resolve("adapter_model.safetensors");
        Path config = output.resolve("adapter_config.json");
        byte[] bytes = Files.readAllBytes(tensors);
        switch (how) {
            case "NaN weights" -> {
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
                Files.write(tensors, bytes);
            }
            case "wrong rank" -> write(new LoraShape(2, 8, SampleTrainingRequest.SHAPE.targets()));
            case "wrong alpha" -> write(SampleTrainingRequest.SHAPE.alpha(9));
            case "wrong targets" -> write(SampleTrainingRequest.SHAPE.targets(Set.of(LoraTarget.QUERY)));
            case "link" -> {
                Files.move(tensors, work.resolve("elsewhere"));
                Files.createSymbolicLink(tensors, work.resolve("elsewhere"));
            }
            case "linked folder" -> {
                Files.move(output, work.resolve("elsewhere"));
                Files.createSymbolicLink(output, work.resolve("elsewhere"));
            }
            case "folder in the place of a file" -> {
                Files.delete(config);
                Files.createDirectory(config);
            }
            case "path in a tensor's name" -> {
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                Files.write(
                        tensors,
                        text.replace("base_model.model.model.layers.0", "../../../../../../../../../../.")
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
            case "pickle beside it" -> Files.writeString(output.resolve("adapter_model.bin"), "pickle");
            case "pickle inside" -> Files.write(tensors, new byte[] {(byte) 0x80, 2, 'c', 'o', 's', '\n', '.'});
            case "other file" -> Files.writeString(output.resolve("optim\u001b.state"), "");
            case "truncated" -> Files.write(tensors, Arrays.copyOf(bytes, bytes.length - 5));
            case "too large" -> Files.write(tensors, new byte[5 << 20], StandardOpenOption.APPEND);
            case "large configuration" -> Files.write(config, new byte[2 << 20], StandardOpenOption.APPEND);
            case "no configuration" -> Files.delete(config);
            case "DoRA" ->
                Files.writeString(
                        config, Files.readString(config).replace("\"use_dora\" : false", "\"use_dora\" : true"));
            default -> throw new IllegalArgumentException(how);
        }
    }
}
