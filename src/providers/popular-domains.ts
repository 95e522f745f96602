/** Domains that many people have a mailbox at: what a mistyped one may have been meant to be. */
export const popularDomains: readonly string[] = `
gmail.com yahoo.com hotmail.com outlook.com icloud.com aol.com live.com msn.com me.com mac.com
googlemail.com ymail.com rocketmail.com protonmail.com proton.me pm.me fastmail.com zoho.com
gmx.com gmx.net gmx.de gmx.at gmx.ch web.de freenet.de t-online.de mail.de posteo.de mailbox.org
arcor.de online.de 1und1.de kabelmail.de vodafone.de yahoo.de hotmail.de outlook.de live.de
yahoo.co.uk hotmail.co.uk live.co.uk btinternet.com sky.com virginmedia.com
talktalk.net ntlworld.com blueyonder.co.uk tiscali.co.uk
yahoo.fr hotmail.fr outlook.fr live.fr orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr
bbox.fr yahoo.it hotmail.it outlook.it libero.it virgilio.it alice.it tiscali.it
tin.it aruba.it yahoo.es hotmail.es outlook.es
skynet.be telenet.be proximus.be hotmail.be ziggo.nl kpnmail.nl planet.nl hetnet.nl xs4all.nl
hotmail.nl home.nl bluewin.ch hispeed.ch sunrise.ch aon.at chello.at
wp.pl o2.pl onet.pl interia.pl gazeta.pl seznam.cz email.cz centrum.cz volny.cz azet.sk
mail.ru yandex.ru yandex.com rambler.ru bk.ru inbox.ru list.ru ukr.net abv.bg
telia.com online.no kolumbus.fi
comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net
optonline.net frontier.com windstream.net juno.com netzero.net mail.com email.com
shaw.ca rogers.com sympatico.ca telus.net videotron.ca yahoo.ca hotmail.ca live.ca
bigpond.com optusnet.com.au yahoo.com.au xtra.co.nz
uol.com.br bol.com.br terra.com.br ig.com.br yahoo.com.br hotmail.com.br
yahoo.com.ar yahoo.com.mx
yahoo.co.jp docomo.ne.jp ezweb.ne.jp nifty.com qq.com foxmail.com 163.com 126.com sina.com sohu.com
naver.com daum.net hanmail.net yahoo.co.in rediffmail.com yahoo.co.id
hey.com tutanota.com tuta.com runbox.com hushmail.com disroot.org riseup.net
`
  .trim()
  .split(/\s+/);
