package io.memos4j.core.language;

import io.memos4j.core.language.MemoryCommand.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Requests not to keep a message, and messages that only look like them, in every language of the packs. */
class OffTheRecordTest {
    private static final String ENGLISH = """
            Do not save this: my locker code is 7781
            Don't store it — my bank PIN is 4020.
            Don't save this↵My passport number is X4417
            "Don't save this": I'm expecting a baby.
            My gate code is 6120, but don't save that.
            Please don't remember what I'm about to say: I'm quitting in May.
            Don't note this down (I failed the exam again).
            Not for the record: my boss drinks at work.
            My alias is Foxglove; please do not memorize that.
            I'd rather you didn't save this: I had a biopsy on Monday.
            Can you not store this? My salary is 61,000.
            You don't need to remember this, but my wifi password is tulip-77.
            Don't keep a record of this. I took the day off.
            Do NOT SAVE THIS!!! My card number is 4000 1234.
            My alarm code is 9027 (don't save this).
            Please do not commit this to memory: my therapist is Dr. Ames.
            don't remember this one - I voted for the other side
            Don't save the following: account 88-1204
            Please don't log this message. I met someone.
            No need to save this, the spare key is under the pot.
            Just for this chat, don't store it: I'm 41.
            Keep this out of your memory: my ex is called Robin.
            I don't want this saved: I owe my brother 900 euros.
            My blood test came back bad. Could you please not record that?
            Don't save this, but is it normal that my hands shake?
            Not to be stored: my bonus was five thousand
            My doctor said I have diabetes. Please don't save that.
            """;

    private static final String NOT_ENGLISH = """
            Please delete the temp files from the build server.
            I wiped the dust off the record player
            Don't save the file yet
            Don't save it as a PDF.
            Don't save it to the desktop.
            Don't keep it in the fridge.
            Don't store it above 25 degrees.
            Don't record this show, I've seen it.
            She said don't save it.
            Why don't you save it?
            I don't save it, I spend it.
            They never record it.
            If it rains, don't keep it outside.
            Don't note it in the ledger before Friday.
            The app does not save this.
            Don't write this on the whiteboard.
            Don't remember this song at all
            Do not store this product in direct sunlight.
            Our off the record policy changed in June.
            Don't log it in the old tracker, use the new one.
            No need to save seats for us.
            Don't save me a seat.
            He closed the laptop without saving it.
            The samples are not to be stored at room temperature.
            Don't memorize that poem, just read it.
            Do you never record this?
            """;

    private static final String GERMAN = """
            Nicht speichern: Meine PIN ist 4020.
            Bitte nicht speichern – mein Chef trinkt.
            Speicher das nicht: Ich bin schwanger.
            Speichere das bitte nicht!↵Mein Tresorcode lautet 7781.
            Merk dir das nicht, ich wechsle bald den Job.
            Merke dir das bitte nicht. Ich war beim Arzt.
            Meine PIN ist 9027, aber speicher das nicht.
            Mein WLAN-Passwort ist tulpe77 (nicht speichern).
            „Nicht notieren“: Ich habe im Lotto gewonnen.
            Schreib das nicht auf: Ich habe gekündigt.
            Halte das nicht fest, ich bin verliebt.
            Das soll nicht gespeichert werden: Ich verdiene 61.000.
            Ich möchte nicht, dass du das speicherst: Ich habe Schulden.
            Ich will nicht, dass das gespeichert wird. Ich bin krank.
            Du musst dir das nicht merken, aber ich bin 41.
            Du brauchst das nicht zu speichern: Ich schlafe schlecht.
            Ohne es zu speichern: Mein Spind hat die 55.
            Nimm das nicht in dein Gedächtnis auf: Robin ist mein Ex.
            Meine Kontonummer ist 88-1204. Bitte das nicht speichern.
            Folgendes bitte nicht speichern: Ich heiße eigentlich Nora.
            Speichere diese Nachricht nicht. Ich habe jemanden getroffen.
            Mein Gehalt ist 61.000. Kannst du das bitte nicht speichern?
            Behalte das nicht: Ich wohne jetzt bei Kim.
            Das ist off the record: Wir werden verkauft.
            Merk dir davon nichts. Ich bin durchgefallen.
            Notiere das nicht, aber ist es normal, dass ich zittere?
            """;

    private static final String NOT_GERMAN = """
            Speicher die Datei noch nicht.
            Speichere das nicht als PDF.
            Ich kann mir das nicht merken.
            Das kann ich mir einfach nicht merken.
            Ich merke das nicht.
            Ich notiere es nicht mehr.
            Das Gerät kann das nicht speichern.
            Er wollte es nicht aufschreiben.
            Bewahre das nicht im Kühlschrank auf.
            Sie sagte, speicher das nicht.
            Wenn es regnet, behalte das nicht draußen.
            Lösche bitte die alten Protokolle auf dem Server.
            Die App speichert das nicht.
            Warum speicherst du das nicht?
            Schreib das nicht an die Tafel.
            Merk dir diesen Song nicht, er ist schlecht.
            Halte das nicht gegen das Licht.
            Nicht vergessen: Milch kaufen.
            Die Proben dürfen nicht warm gelagert werden.
            Nicht speichern lässt sich nur der Entwurf.
            Behalte das Wechselgeld.
            Notiere bitte die Nummer.
            Vergiss nicht, Mama anzurufen.
            Ich habe vergessen, das zu speichern.
            Das Protokoll ist nicht gespeichert worden.
            Mein Bruder meinte, schreib das nicht auf.
            """;

    private static final String FRENCH = """
            Ne note pas ça : mon code est 4020.
            N'enregistre pas ça — je suis enceinte.
            Ne retiens pas cela↵Mon mot de passe est tulipe77
            Mon code est 9027, mais ne le note pas.
            Mon salaire est de 61 000, ne l'enregistre pas.
            À ne pas enregistrer : je cherche un autre travail.
            Merci de ne pas enregistrer ça. J'ai vu un médecin.
            Ne garde pas ça en mémoire : je dors mal.
            Ne mémorise pas ce message. J'ai rencontré quelqu'un.
            Mon vrai prénom est Nora (ne pas noter).
            « Ne note pas ça » : mon patron boit.
            Ne sauvegarde pas ce qui suit : compte 88-1204
            Je ne veux pas que tu enregistres ça : j'ai des dettes.
            J'aimerais que tu n'enregistres pas ça. Je suis malade.
            Inutile de noter ça, mais j'ai 41 ans.
            Pas besoin de retenir ça : la clé est sous le pot.
            Tu n'as pas besoin de retenir ça, mon wifi est rose12.
            Ça ne doit pas être enregistré : je démissionne en mai.
            Sans l'enregistrer : mon casier est le 55.
            En off : nous allons être vendus.
            Ne conservez pas cela. Je suis amoureux.
            S'il te plaît, ne retiens pas ça : j'ai échoué.
            Mon compte est le 77-12. Peux-tu ne pas enregistrer ça ?
            Surtout ne note pas ça : j'ai gagné au loto.
            N'enregistrez pas ce message ! Mon ex s'appelle Robin.
            Ne note rien de cela. J'ai perdu mon emploi.
            """;

    private static final String NOT_FRENCH = """
            N'enregistre pas encore le fichier.
            N'enregistre pas ça en PDF.
            Je ne retiens pas ça.
            On ne note pas ça chez nous.
            Ne garde pas ça au frigo.
            Il a dit ne note pas ça.
            Ne le garde pas trop longtemps au soleil.
            Pourquoi tu ne notes pas ça ?
            L'appareil n'enregistre pas ça.
            Efface les vieux fichiers du serveur, s'il te plaît.
            Ne note pas ça au tableau.
            N'oublie pas d'appeler maman.
            Si tu pleures, ne garde pas ça pour toi.
            Ne garde pas le chien demain.
            Il est parti sans l'enregistrer.
            Les échantillons ne doivent pas être conservés au chaud.
            Note ça, s'il te plaît.
            Enregistre ça pour plus tard.
            Ne retiens pas ta respiration.
            Je préfère ne pas garder le vélo.
            Ils ne conservent jamais cela.
            Le fichier n'a pas été enregistré.
            Mon frère m'a dit de ne pas noter ça.
            Ne stocke pas ce produit près du four.
            Tu ne retiens jamais ça !
            """;

    private static final String SPANISH = """
            No guardes esto: mi PIN es 4020.
            No lo guardes — estoy embarazada.
            No anotes esto↵Mi contraseña es tulipan77
            Mi código es 9027, pero no lo anotes.
            «No guardes eso»: mi jefe bebe.
            No guardar: gano 61.000 al año.
            Mi nombre real es Nora (no guardar).
            Por favor, no recuerdes esto. Fui al médico.
            No memorices este mensaje. Conocí a alguien.
            No quiero que guardes esto: tengo deudas.
            No hace falta que recuerdes esto, tengo 41 años.
            No es necesario que guardes esto: duermo mal.
            No tienes que guardar esto, mi wifi es rosa12.
            Sin guardarlo: mi taquilla es la 55.
            No registres lo siguiente: cuenta 88-1204
            No grabes esto. Voy a renunciar en mayo.
            Que no quede registrado: nos van a vender.
            Esto no debe ser guardado. Estoy enfermo.
            Mi sueldo es 61.000. ¿Puedes no guardar esto?
            No apuntes eso, por favor. Suspendí otra vez.
            No guardes nada de esto: mi ex se llama Robin.
            Nunca guardes esto: la llave está bajo la maceta.
            Extraoficialmente: me van a ascender.
            Te pido que no lo guardes. Me tocó la lotería.
            No conserves esta conversación. Estoy enamorado.
            No lo recuerdes, pero perdí mi trabajo.
            """;

    private static final String NOT_SPANISH = """
            No guardes el archivo todavía.
            No lo guardes en la nevera.
            No guardes esto como PDF.
            No recuerdo eso.
            Me dijo que no lo anotes.
            Si llueve, no lo guardes fuera.
            Borra los archivos viejos del servidor, por favor.
            No lo apuntes en la pizarra.
            ¿Por qué no lo guardas?
            La aplicación no guarda esto.
            No guardo eso, lo gasto.
            Guarda esto para luego.
            No olvides llamar a mamá.
            No almacenes este producto al sol.
            Se fue sin guardarlo.
            Las muestras no se deben conservar al calor.
            No grabes esto en el disco viejo.
            Nunca guardan esto.
            No registres la salida antes de las seis.
            No me guardes un asiento.
            No memorices ese poema, solo léelo.
            El archivo no quedó guardado.
            Mi madre dice que no lo guardes.
            Anota esto, por favor.
            No retengas la respiración.
            """;

    private static final String CHINESE = """
            别记这个：我的密码是4020
            不要保存这条消息，我怀孕了。
            请勿记录以下内容：我的工资是六万一
            别存这个↵我的门禁码是7781
            我的密码是9027，但是别记下来。
            我的真名叫诺拉（不要记录）
            “不要保存这个”：我老板酗酒
            不用记住这个，我今年41岁。
            无需保存：钥匙在花盆下面
            这个别记：我打算五月辞职
            这句话不要保存，我看了心理医生。
            以下内容请勿保存：账号88-1204
            下面的话别记录：我欠了很多钱
            不要把这个记下来，我失恋了。
            别把这件事存起来：我中了彩票
            我不想让你记住这个：我考试没过
            我不希望你保存这段话。我生病了。
            切勿留存此内容：前任叫罗宾
            别记下来——我喜欢上了同事
            不许记住这件事！我偷偷请了假。
            请不要储存它；我的卡号是4000
            我的WiFi密码是tulip77,别保存
            这段话不要记录，好吗
            帮个忙，别记住这些：我睡得很差
            我的工资是六万。能不记录这个吗？
            不必记录这部分。我被辞退了。
            """;

    private static final String NOT_CHINESE = """
            别保存文件
            不要记录这台服务器的日志
            不要保存到桌面
            别忘记给妈妈打电话
            我没记住这个
            他说别记录
            不要存钱了，去旅行吧
            别记仇
            我不用记住这个电话
            请记住这个：我对花生过敏
            这个软件不保存记录
            请删除服务器上的临时文件
            为什么不保存这个？
            如果下雨，不要存在外面
            别写在黑板上
            不要储存在高温处
            别记错时间
            老师说不要记下来
            我把灰尘擦掉了
            他们从不记录这个
            别保存成PDF
            不用记得给我留座位
            不要记住这首歌的歌词，听就好
            没保存这个文件
            保存这个
            """;

    private static Stream<String> lines(String... tables) {
        return Stream.of(tables).flatMap(String::lines).map(line -> line.replace('↵', '\n'));
    }

    static Stream<String> requests() {
        return lines(ENGLISH, GERMAN, FRENCH, SPANISH, CHINESE);
    }

    static Stream<String> otherMessages() {
        return lines(NOT_ENGLISH, NOT_GERMAN, NOT_FRENCH, NOT_SPANISH, NOT_CHINESE);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestNotToKeepAMessageIsHeeded(String message) {
        assertThat(MemoryCommand.parse(message).kind()).isEqualTo(Kind.OFF_THE_RECORD);
    }

    @ParameterizedTest
    @MethodSource("otherMessages")
    void otherMessagesAreKept(String message) {
        assertThat(MemoryCommand.parse(message).kind()).isNotEqualTo(Kind.OFF_THE_RECORD);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestIsHeededBeforeAndAfterALongText(String message) {
        String diary = "We walked along the river and talked about the garden. ".repeat(30);
        boolean begins =
                MemoryCommand.parse(message.lines().findFirst().orElseThrow()).kind() == Kind.OFF_THE_RECORD;
        String request = begins ? message.lines().findFirst().orElseThrow() : message;
        assertThat(MemoryCommand.parse(request + "\n" + diary).kind()).isEqualTo(Kind.OFF_THE_RECORD);
        assertThat(MemoryCommand.parse(diary + "\n" + request).kind()).isEqualTo(Kind.OFF_THE_RECORD);
    }
}
