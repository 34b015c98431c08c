package io.memos4j.index.lucene;

import io.memos4j.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.Lock;

/** A directory of index files that only the current user may read and write, whatever the umask. */
final class PrivateIndexDirectory extends FilterDirectory {
    private final Path folder;

    private PrivateIndexDirectory(Path folder, FSDirectory files) {
        super(files);
        this.folder = folder;
    }

    static PrivateIndexDirectory open(Path folder) throws IOException {
        return new PrivateIndexDirectory(folder, FSDirectory.open(folder));
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
        IndexOutput output = super.createOutput(name, context);
        PrivateFiles.restrict(folder.resolve(name));
        return output;
    }

    @Override
    public IndexOutput createTempOutput(String prefix, String suffix, IOContext context) throws IOException {
        IndexOutput output = super.createTempOutput(prefix, suffix, context);
        PrivateFiles.restrict(folder.resolve(output.getName()));
        return output;
    }

    @Override
    public Lock obtainLock(String name) throws IOException {
        Lock lock = super.obtainLock(name);
        PrivateFiles.restrict(folder.resolve(name));
        return lock;
    }
}
