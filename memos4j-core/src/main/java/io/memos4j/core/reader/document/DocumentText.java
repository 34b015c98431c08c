package io.memos4j.core.reader.document;
import java.util.List;
public record DocumentText(String text, List<Chunk> chunks) { public record Chunk(int start,int end,String title){} }
