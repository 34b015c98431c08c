package io.memos4j.index.lucene;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;

/** Maps Lucene's failures to errors. */
final class LuceneFailureMapper {
    private LuceneFailureMapper() {}

    static MemoryException of(Path directory, Throwable failure) {
        if (isDamage(failure)) {
            return new MemoryException(
                    ErrorCode.CORRUPT,
                    "Index " + directory + " cannot be read: " + failure + ". It will be rebuilt from the vault.",
                    failure);
        }
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("no space left") || message.contains("quota exceeded")) {
            return new MemoryException(
                    ErrorCode.STORAGE_FULL,
                    "Index " + directory
                            + " cannot grow: the disk is full. Free space; what was stored is safe in the vault.",
                    failure);
        }
        return new MemoryException(
                ErrorCode.STORAGE_FAILED,
                "Index " + directory + " cannot be read or written: " + failure
                        + ". Check the disk and the folder's permissions.",
                failure);
    }

    private static boolean isDamage(Throwable failure) {
        return switch (failure) {
            case CorruptIndexException e -> true;
            case IndexFormatTooNewException e -> true;
            case IndexFormatTooOldException e -> true;
            case IndexNotFoundException e -> true;
            case EOFException e -> true;
            case FileNotFoundException e -> true;
            case NoSuchFileException e -> true;
            case FileSystemException e -> false;
            case IOException e -> e.getCause() != null && isDamage(e.getCause());
            default -> false;
        };
    }
}
