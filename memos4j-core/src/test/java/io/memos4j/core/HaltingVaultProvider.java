package io.memos4j.core;

import io.memos4j.api.Actor;
import io.memos4j.core.CrashingTask.Point;
import io.memos4j.spi.vault.ForwardingVault;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.spi.vault.VaultWriter;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * The usual vault, but for the process that {@link TaskCrashIT} kills: the task in question halts at its first commit.
 */
public final class HaltingVaultProvider implements VaultProvider {
    @Override
    public Vault open(Path directory, long maxBytes) {
        return new HaltingVault(usual().open(directory, maxBytes));
    }

    @Override
    public boolean exists(Path directory) {
        return usual().exists(directory);
    }

    @Override
    public void restore(Path file, Path directory) {
        usual().restore(file, directory);
    }

    private static VaultProvider usual() {
        return ServiceLoader.load(VaultProvider.class).stream()
                .filter(found -> found.type() != HaltingVaultProvider.class)
                .findFirst()
                .orElseThrow()
                .get();
    }

    private static final class HaltingVault extends ForwardingVault {
        HaltingVault(Vault vault) {
            super(vault);
        }

        @Override
        public <T> T write(Actor actor, Function<VaultWriter, T> work) {
            boolean meant = actor instanceof Actor.TaskRun run && run.kind() == CrashingTask.kind();
            halt(meant, Point.BEFORE);
            T result = super.write(actor, writer -> {
                T done = work.apply(writer);
                halt(meant, Point.WITHIN);
                return done;
            });
            halt(meant, Point.AFTER);
            return result;
        }

        private static void halt(boolean meant, Point point) {
            if (meant && CrashingTask.point() == point) {
                CrashingTask.halt();
            }
        }
    }
}
