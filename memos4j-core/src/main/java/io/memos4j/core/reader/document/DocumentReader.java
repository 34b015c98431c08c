package io.memos4j.core.reader.document;
import io.memos4j.api.Document;
import java.util.List;
public final class DocumentReader { public DocumentText read(Document d){ String t=new String(d.content(), java.nio.charset.StandardCharsets.UTF_8); return new DocumentText(t,List.of(new DocumentText.Chunk(0,t.length(),""))); } }
