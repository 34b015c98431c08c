package io.memos4j.core.language;

import io.memos4j.core.language.MemoryCommand.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class MemoryCommandTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Forget my old address: 5 Elm Street             | my old address: 5 Elm Street
            Please forget my old address.                   | my old address
            please, forget about my old address!            | my old address
            Forget that I live in Paris                     | I live in Paris
            Please don't remember that I had an operation.  | I had an operation
            Please forget the PIN of my phone, I should not have told you. | the PIN of my phone
            Could you forget my salary, please?             | my salary
            Forget my PIN                                   | my PIN
            Erase and forget my phone number 555-1234       | my phone number 555-1234
            FORGET MY OLD ADDRESS                           | MY OLD ADDRESS
            请忘记我的旧地址是榆树街5号                        | 我的旧地址是榆树街5号
            把我的银行卡密码忘掉                               | 我的银行卡密码
            删除我的电话号码！                                | 我的电话号码
            """)
    void whatIsToBeForgottenIsDescribed(String message, String what) {
        assertThat(MemoryCommand.parse(message)).isEqualTo(new MemoryCommand(Kind.FORGET, what));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Hey, can you forget what I told you about my ex-wife Ann  | my ex-wife Ann
            Delete everything about the Berlin project                | the Berlin project
            Please remove the thing about Olga's twins from your memory. | Olga's twins
            Delete the alarm code of the shop from your memory.       | the alarm code of the shop
            Forget everything you know about my health                | my health
            请你忘掉关于我前妻的一切。                                     | 我前妻
            """)
    void everythingAboutSomethingIsToBeForgotten(String message, String what) {
        assertThat(MemoryCommand.parse(message)).isEqualTo(new MemoryCommand(Kind.FORGET_ABOUT, what));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Forget my PIN.                     | My PIN is 4711.
            Forget my salary.                  | I'm doing my taxes. My salary is 80,000. The forms are endless.
            Forget what I told you about Ferit | My colleague Ferit is looking for another job.
            Forget everything you know about c++ | I write the firmware in C++.
            Please don't remember that I had a miscarriage. | I had a miscarriage in March.
            把我的银行卡密码忘掉                  | 我的银行卡密码是4711
            """)
    void aRequestCoversWhatItDescribes(String message, String memory) {
        assertThat(MemoryCommand.parse(message).covers(memory)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Forget everything you know about C++          | I write the desktop tool in C#.
            Forget that I write the firmware in C++       | I write the firmware in C#.
            Forget that the deposit for the flat in Gent was 250 euros | The deposit for the flat in Gent was 350 euros.
            Forget that my balance at the bank changed by -250 in May | My balance at the bank changed by +250 in May.
            Forget about ticket SR-2023-045               | Ticket SR-2023-066 is about doors.
            """)
    void aRequestCoversNothingWithAnotherNumberOrSymbol(String message, String memory) {
        MemoryCommand request = MemoryCommand.parse(message);
        assertThat(request.kind().forgets()).isTrue();
        assertThat(request.covers(memory)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Forget my PIN.                     | I changed my PIN in the branch office on Main Street.
            Forget my salary.                  | The salary of a nurse is low.
            Forget that I live in Paris        | I live in Lyon
            Forget what I told you about Ferit | Ferdinand is looking for another job.
            """)
    void aRequestCoversNothingElse(String message, String memory) {
        assertThat(MemoryCommand.parse(message).covers(memory)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Do not save this: my PIN is 9911",
                "My blood type is rare - don't store it: it is AB negative",
                "Don't write this down, but I'm looking for another job.",
                "Don't remember this.",
                "don’t remember this",
                "Do not save that, please",
                "I have a new job. Please do not store this!",
                "Never record it.",
                "Don't save or share this, my salary is 5",
                "Don't keep this in your memory",
                "Please don't save any of this",
                "Off the record, I hate my job",
                "This is off the record.",
                "My PIN is 1234, make sure you don't save it",
                "别记住这个",
                "请勿保存这段话",
                "我的密码是1234，不要记录。",
                "不要记住",
            })
    void whatIsSaidOffTheRecordIsNotToBeKept(String message) {
        assertThat(MemoryCommand.parse(message)).isEqualTo(new MemoryCommand(Kind.OFF_THE_RECORD, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Don't forget to call mom",
                "Never forget my birthday",
                "I forgot my keys",
                "I forget my old address all the time",
                "Forget it",
                "forget about it.",
                "Forget to call",
                "Delete it",
                "Delete the file",
                "Delete the file after the test",
                "Please delete the temp files from the build server.",
                "Erase the whiteboard in room 4 after class.",
                "I wiped the dust off the record player in the attic.",
                "Off the record player came the old needle.",
                "The fishmonger told me: if it smells, don't keep it.",
                "My lawyer said never record that call, it is illegal here.",
                "If the milk is sour, don't keep it.",
                "Did you forget my old address?",
                "Don't save this file in the cache directory",
                "Do not store that value twice",
                "I don't remember this.",
                "I don’t remember that",
                "Sorry, I really don't remember it.",
                "We never keep it, do we",
                "They do not record that.",
                "The record of this is lost",
                "Remember this",
                "Save this for later",
                "",
                "   ",
                "我忘记带钥匙了",
                "别忘记给妈妈打电话",
                "不要删除我的旧地址",
                "你忘记了我的生日",
                "请记住我的生日",
                "删除文件",
            })
    void thisAsksNothingOfTheMemory(String message) {
        assertThat(MemoryCommand.parse(message)).isEqualTo(MemoryCommand.NONE);
    }

    @Test
    void aLongTextIsContent() {
        String wish = "Forget my old address: " + "x".repeat(977);
        assertThat(wish).hasSize(1_000);
        assertThat(MemoryCommand.parse("  " + wish + "\n").kind()).isEqualTo(Kind.FORGET);
        assertThat(MemoryCommand.parse(wish + "x")).isEqualTo(MemoryCommand.NONE);
        assertThat(MemoryCommand.parse("Don't remember this. " + "x".repeat(980)))
                .isEqualTo(MemoryCommand.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a ",
                "the ",
                "of the ",
                "please ",
                "please, ",
                "forget ",
                "don't save ",
                "forget about that ",
                " ",
                "请",
                "忘记"
            })
    void hostileTextsEnd(String repeated) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(MemoryCommand.parse("x" + repeated.repeat(1_000_000 / repeated.length()) + "x"))
                    .isEqualTo(MemoryCommand.NONE);
            assertThat(MemoryCommand.parse(repeated.repeat(1_000 / repeated.length()))
                            .kind())
                    .isNotEqualTo(Kind.OFF_THE_RECORD);
        });
    }
}
